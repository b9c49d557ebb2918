/**
 * What decides the weights that pretraining ends with, as plain data: all of it goes into the run's
 * fingerprint, so that a checkpoint is never continued under other settings. `options.ts` says what each is.
 */
import type { Pooling, TeachingWeights } from '@layerwise/model';
import type { z } from 'zod';
import type { plainSettings } from './options.js';

/** What a teacher's loss counts, and how the teacher's tokens become a vector; null: as its folder says. */
export interface TeachingSettings extends TeachingWeights {
  readonly pooling: Pooling | null;
}

export interface PretrainingSettings extends Readonly<Omit<z.output<typeof plainSettings>, 'clipNorm'>> {
  /** Largest global norm of a step's gradient; null does not clip. */
  readonly clipNorm: number | null;
  /** Whether [CLS] of each sequence has to tell one of its masked tokens, too. */
  readonly summarise: boolean;
  /**
   * Set: sentences are read, and [CLS] points where a teacher's vector of each does. Null: stretches of text.
   */
  readonly teaching: TeachingSettings | null;
}
