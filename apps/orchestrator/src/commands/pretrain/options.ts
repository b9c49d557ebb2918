/** The options of `layerwise pretrain`, as its work receives them. */
import type { PretrainOptions } from '@layerwise/pretraining/options';

export interface PretrainCommandOptions extends PretrainOptions {
  /** A folder of .txt files, or one. */
  readonly corpus: string;
  /** An encoder folder to start from; undefined: random weights of the sizes, which it then decides. */
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
