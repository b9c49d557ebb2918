/**
 * `layerwise pretrain`: the options of masked-language-model training. The job itself is
 * `../pretrain-run.ts`.
 */
import { Command, Option } from 'commander';
import type { Pooling } from '@layerwise/model';
import type { ScheduleName } from '@layerwise/optimizers';
import type { Masking } from '@layerwise/pretraining';
import { addEngineOptions, type EngineOptions } from '../../options/engine-options.js';
import { amount, share, wholeNumber } from '../../options/option-types.js';
import { action } from '../../running/run-command.js';
import { scheduleNames } from '../../options/training-options.js';
import { poolings } from '../shift-study/options.js';

// Written down again, because importing the lib would load it before it is needed; a test compares them.
export const maskings: readonly Masking[] = ['bert', 'mask'];

/** What `../pretrain-run.ts` receives: every option, parsed and within its range. */
export interface PretrainCommandOptions extends EngineOptions {
  /** A folder of .txt files, or one. */
  readonly corpus: string;
  /** An encoder folder to start from; undefined: random weights of the sizes below, which it then decides. */
  readonly from?: string;
  readonly layers: number;
  readonly hidden: number;
  readonly heads: number;
  readonly intermediate: number;
  /** Pieces. */
  readonly vocabulary: number;
  readonly positions: number;
  readonly initializerRange: number;
  /** False: heads start from noise alone. */
  readonly neighbours: boolean;
  readonly length: number;
  readonly pairShare: number;
  readonly batch: number;
  readonly steps: number;
  readonly rate: number;
  readonly warmup: number;
  readonly schedule: ScheduleName;
  readonly maskShare: number;
  readonly masking: Masking;
  readonly summarise?: boolean;
  /** An encoder folder whose vectors of sentences are to be learnt. */
  readonly teacher?: string;
  /** Undefined: as the teacher's folder says. */
  readonly teacherPooling?: Pooling;
  readonly teacherWeight: number;
  readonly similarityWeight: number;
  readonly beta2: number;
  readonly weightDecay: number;
  /** 0 does not clip. */
  readonly clipNorm: number;
  readonly heldOut: number;
  readonly evaluateEvery: number;
  readonly checkpointEvery: number;
  readonly seed: number;
  /** Undefined: a folder of the run's own in data-cache/pretrain. */
  readonly out?: string;
  /** Stores weights as F16. */
  readonly half?: boolean;
  readonly fresh?: boolean;
  readonly json?: boolean;
}

export function pretrainCommand(): Command {
  const whole = (name: string, least = 1) => wholeNumber(name, least);
  const command = new Command('pretrain')
    .description(
      'Trains an encoder on plain text, by telling masked words, from random weights or from another encoder.',
    )
    .requiredOption('--corpus <dir>', 'a folder of .txt files (or one file), one paragraph a line')
    .option('--from <encoder>', 'an encoder folder to start from, with its sizes and its tokeniser')
    .option('--layers <n>', 'of a new encoder', whole('--layers'), 2)
    .option('--hidden <n>', 'width of a new encoder', whole('--hidden'), 128)
    .option('--heads <n>', 'attention heads of a new encoder', whole('--heads'), 4)
    .option(
      '--intermediate <n>',
      'width between the dense layers of a new encoder',
      whole('--intermediate'),
      512,
    )
    .option('--vocabulary <pieces>', 'word pieces of a new encoder', whole('--vocabulary', 6), 8192)
    .option('--positions <n>', 'tokens of the longest text of a new encoder', whole('--positions', 8), 256)
    .option('--initializer-range <deviation>', 'of new weights', amount('--initializer-range'), 0.05)
    .option('--no-neighbours', 'start heads from noise alone, not looking at neighbouring words')
    .option('--length <tokens>', 'tokens of a sequence', whole('--length', 8), 64)
    .option(
      '--pair-share <share>',
      'share of the sequences that are cut in two by a [SEP]',
      share('--pair-share'),
      0.5,
    )
    .option('--batch <sequences>', 'sequences a step', whole('--batch'), 32)
    .option('--steps <n>', 'steps in all', whole('--steps'), 20_000)
    .option('--rate <rate>', 'the highest learning rate', amount('--rate'), 3e-3)
    .option('--warmup <share>', 'share of the steps over which the rate rises', share('--warmup'), 0.1)
    .addOption(
      new Option('--schedule <name>', 'how the rate changes').choices(scheduleNames).default('linear'),
    )
    .option('--mask-share <share>', 'share of the tokens to be told', share('--mask-share'), 0.15)
    .addOption(
      new Option(
        '--masking <how>',
        'bert: 80 % [MASK], 10 % another word, 10 % as it is; mask: [MASK] always',
      )
        .choices(maskings)
        .default('bert'),
    )
    .option('--summarise', "let [CLS] tell one of its sequence's masked words, too")
    .option(
      '--teacher <encoder>',
      'an encoder folder: sentences are read, and [CLS] learns to point where its vector of each does',
    )
    .addOption(
      new Option(
        '--teacher-pooling <how>',
        "how the teacher's tokens become a vector (default: as its folder says)",
      ).choices(poolings),
    )
    .option(
      '--teacher-weight <factor>',
      "of the teacher's loss, beside that of masked words",
      amount('--teacher-weight'),
      4,
    )
    .option(
      '--similarity-weight <factor>',
      "of the similarities between a batch's sentences, in the teacher's loss",
      amount('--similarity-weight'),
      5,
    )
    .option('--beta2 <factor>', "Adam's second", share('--beta2'), 0.98)
    .option(
      '--weight-decay <factor>',
      "AdamW's, of matrices, a factor of the rate",
      amount('--weight-decay'),
      0.01,
    )
    .option(
      '--clip-norm <norm>',
      "largest global norm of a step's gradient; 0: none",
      amount('--clip-norm'),
      1,
    )
    .option(
      '--held-out <share>',
      'share of each file that is not trained on: its end',
      share('--held-out'),
      0.01,
    )
    .option('--evaluate-every <steps>', 'on the held-out text', whole('--evaluate-every'), 500)
    .option('--checkpoint-every <steps>', '0: only when interrupted', whole('--checkpoint-every', 0), 500)
    .option('--seed <n>', 'of weights, order and masks', whole('--seed', 0), 1)
    .option(
      '--out <dir>',
      "where the encoder goes (default: a folder of the run's own in data-cache/pretrain)",
    )
    .option('--half', 'store the weights as 16-bit floats')
    .option('--fresh', 'start over where a checkpoint or an encoder lies')
    .option('--json', 'print one JSON object');
  return addEngineOptions(command).action(
    action(async (options: PretrainCommandOptions) => {
      const { runPretrain } = await import('./run.js');
      return runPretrain(options);
    }),
  );
}
