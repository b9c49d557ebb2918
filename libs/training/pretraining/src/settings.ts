/**
 * What decides the weights that pretraining ends with, as plain data: all of it goes into the run's
 * fingerprint, so that a checkpoint is never continued under other settings.
 */
import type { EngineName, Provider } from '@layerwise/engine';
import type { Pooling, TeachingWeights } from '@layerwise/model';
import type { ScheduleName } from '@layerwise/optimizers';
import type { Masking } from './options.js';

/** What a teacher's loss counts, and how the teacher's tokens become a vector; null: as its folder says. */
export interface TeachingSettings extends TeachingWeights {
  readonly pooling: Pooling | null;
}

export interface PretrainingSettings {
  /** Tokens of a sequence, [CLS] and [SEP] included. */
  readonly length: number;
  /** Share of the sequences that are cut in two, as pairs of texts are. */
  readonly pairShare: number;
  /** Sequences a step. */
  readonly batch: number;
  readonly steps: number;
  /** The highest rate, reached after `warmup` of the steps. */
  readonly rate: number;
  readonly warmup: number;
  readonly schedule: ScheduleName;
  /** Share of the tokens that are to be told from the others. */
  readonly maskShare: number;
  readonly masking: Masking;
  /** Whether [CLS] of each sequence has to tell one of its masked tokens, too. */
  readonly summarise: boolean;
  /**
   * Set: sentences are read, and [CLS] has to point where a teacher's vector of the sentence does. Null:
   * stretches of text.
   */
  readonly teaching: TeachingSettings | null;
  /** Adam's second decay rate; the first is 0.9. */
  readonly beta2: number;
  /** AdamW's decay, of matrices alone: biases and norms keep their size. */
  readonly weightDecay: number;
  /** Largest global norm of a step's gradient; null does not clip. */
  readonly clipNorm: number | null;
  /** Share of each file, its end, that is never trained on. */
  readonly heldOut: number;
  /** Steps between evaluations on the held-out slice. */
  readonly evaluateEvery: number;
  readonly seed: number;
  readonly engine: EngineName;
  readonly provider: Provider;
  readonly threads: number;
}
