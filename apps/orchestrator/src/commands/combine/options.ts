/** The options of `layerwise combine`, as its work receives them. */
import type { WeightingName } from '@layerwise/combination';

export interface CombineCommandOptions {
  readonly weights: WeightingName;
  /** Base of the rank weights; undefined: the paper's. */
  readonly b?: number;
  /** How many trials `--weights top` takes; undefined: the lib's default. */
  readonly top?: number;
  /** Of `--weights softmax`, in units of reward; undefined: the lib's default. */
  readonly temperature?: number;
  readonly leaveOneOut?: boolean;
  /** Of the bootstrap over trials. */
  readonly resamples: number;
  readonly seed: number;
  /** Depth of the encoder that the snippets are for; undefined: the trials' own. */
  readonly layers?: number;
  /** Of the encoder's parameters in the model that the snippets are for; undefined: Hugging Face's. */
  readonly prefix?: string;
  /** Undefined: nothing is written. */
  readonly out?: string;
  readonly json?: boolean;
}
