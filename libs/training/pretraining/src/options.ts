/**
 * The options of pretraining, each declared once. Light, so that a command line can read it before any engine
 * is loaded.
 */
import { runOptions } from '@layerwise/finetune/options';
import { POOLINGS } from '@layerwise/model/options';
import { z } from 'zod';

/**
 * What stands in a chosen token's place: [MASK] in 80 %, another word in 10 %, the word itself in 10 %; or
 * [MASK] always.
 */
export const MASKINGS = ['bert', 'mask'] as const;
export type Masking = (typeof MASKINGS)[number];

const count = (least = 1) => z.number().int().min(least);
const amount = z.number().min(0);
const share = z.number().min(0).lt(1);

const newEncoderOptions = {
  layers: count().default(2).describe('of a new encoder'),
  hidden: count().default(128).describe('width of a new encoder'),
  heads: count().default(4).describe('attention heads of a new encoder'),
  intermediate: count().default(512).describe('width between the dense layers of a new encoder'),
  vocabulary: count(6).default(8192).describe('word pieces of a new encoder'),
  positions: count(8).default(256).describe('tokens of the longest text of a new encoder'),
  initializerRange: amount.default(0.05).describe('deviation of new weights'),
};

const { batch, warmup, schedule, weightDecay, clipNorm, seed, engine, provider, threads } = runOptions;

const trainingOptions = {
  length: count(8).default(64).describe('tokens of a sequence'),
  pairShare: share.default(0.5).describe('share of the sequences that are cut in two by a [SEP]'),
  batch: batch.default(32).describe('sequences a step'),
  steps: count().default(20_000).describe('steps in all'),
  rate: amount.default(3e-3).describe('the highest learning rate'),
  warmup: warmup.describe('share of the steps over which the rate rises; 0: none'),
  schedule: schedule.default('linear').describe('how the rate changes'),
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
  weightDecay: weightDecay.default(0.01).describe("AdamW's, of matrices, a factor of the rate"),
  clipNorm: clipNorm.default(1),
  heldOut: share.default(0.01).describe('share of each file that is not trained on: its end'),
  evaluateEvery: count().default(500).describe('steps between evaluations on the held-out text'),
  checkpointEvery: count(0).default(500).describe('steps between checkpoints; 0: only when interrupted'),
  seed: seed.describe('of weights, order and masks'),
  engine,
  provider,
  threads,
};

export const pretrainOptions = { ...newEncoderOptions, ...trainingOptions };

export type PretrainOptions = z.output<z.ZodObject<typeof pretrainOptions>>;

/** The sizes of a new encoder among the options. */
export const sizesOf = (options: PretrainOptions) => z.object(newEncoderOptions).parse(options);

/** The options of training without the teacher's and what decides nothing about the weights. */
export const plainSettings = z
  .object(trainingOptions)
  .omit({ teacherPooling: true, teacherWeight: true, similarityWeight: true, checkpointEvery: true });
