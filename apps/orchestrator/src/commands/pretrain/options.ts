/** The options of `layerwise pretrain`, each declared once. */
import { engineOptions } from '@layerwise/engine/options';
import { POOLINGS } from '@layerwise/model/options';
import { SCHEDULE_NAMES } from '@layerwise/optimizers/names';
import { MASKINGS } from '@layerwise/pretraining/options';
import { z } from 'zod';

const count = (least = 1) => z.number().int().min(least);
const amount = z.number().min(0);
const share = z.number().min(0).lt(1);

export const pretrainOptions = {
  layers: count().default(2).describe('of a new encoder'),
  hidden: count().default(128).describe('width of a new encoder'),
  heads: count().default(4).describe('attention heads of a new encoder'),
  intermediate: count().default(512).describe('width between the dense layers of a new encoder'),
  vocabulary: count(6).default(8192).describe('word pieces of a new encoder'),
  positions: count(8).default(256).describe('tokens of the longest text of a new encoder'),
  initializerRange: amount.default(0.05).describe('deviation of new weights'),
  length: count(8).default(64).describe('tokens of a sequence'),
  pairShare: share.default(0.5).describe('share of the sequences that are cut in two by a [SEP]'),
  batch: count().default(32).describe('sequences a step'),
  steps: count().default(20_000).describe('steps in all'),
  rate: amount.default(3e-3).describe('the highest learning rate'),
  warmup: share.default(0.1).describe('share of the steps over which the rate rises'),
  schedule: z.enum(SCHEDULE_NAMES).default('linear').describe('how the rate changes'),
  maskShare: share.default(0.15).describe('share of the tokens to be told'),
  masking: z
    .enum(MASKINGS)
    .default('bert')
    .describe('bert: 80 % [MASK], 10 % another word, 10 % as it is; mask: [MASK] always'),
  teacherPooling: z
    .enum(POOLINGS)
    .optional()
    .describe("how the teacher's tokens become a vector (default: as its folder says)"),
  teacherWeight: amount.default(4).describe("of the teacher's loss, beside that of masked words"),
  similarityWeight: amount
    .default(5)
    .describe("of the similarities between a batch's sentences, in the teacher's loss"),
  beta2: share.default(0.98).describe("Adam's second"),
  weightDecay: amount.default(0.01).describe("AdamW's, of matrices, a factor of the rate"),
  clipNorm: amount.default(1).describe("largest global norm of a step's gradient; 0: none"),
  heldOut: share.default(0.01).describe('share of each file that is not trained on: its end'),
  evaluateEvery: count().default(500).describe('steps between evaluations on the held-out text'),
  checkpointEvery: count(0).default(500).describe('steps between checkpoints; 0: only when interrupted'),
  seed: count(0).default(1).describe('of weights, order and masks'),
  ...engineOptions,
};

export interface PretrainCommandOptions extends z.output<z.ZodObject<typeof pretrainOptions>> {
  /** A folder of .txt files, or one. */
  readonly corpus: string;
  /** An encoder folder to start from; undefined: random weights of the sizes above, which it then decides. */
  readonly from?: string;
  /** False: heads start from noise alone. */
  readonly neighbours: boolean;
  readonly summarise?: boolean;
  /** An encoder folder whose vectors of sentences are to be learnt. */
  readonly teacher?: string;
  /** Undefined: a folder of the run's own in data-cache/pretrain. */
  readonly out?: string;
  /** Stores weights as F16. */
  readonly half?: boolean;
  readonly fresh?: boolean;
  readonly json?: boolean;
}
