/**
 * What is measured: five models (a state of training and a head), each asked about the dev rows of both
 * parts, and the differences between them that answer the study's questions.
 */
import type { Phase } from '@layerwise/finetune';
import type { PartName } from '@layerwise/pairs';
import type { Regime } from './regimes.js';

export interface Model {
  /** As `study.arrow` calls it. */
  readonly measure: string;
  /** What it was trained on, for people. */
  readonly says: string;
  readonly regime: Regime;
  /** Which head answers. */
  readonly head: Phase;
  /** The file of the run that holds its answers. */
  readonly file: string;
}

export const MODELS = [
  {
    measure: 'before',
    says: 'D_o',
    regime: 'sequential',
    head: 'original',
    file: 'predictions-original-before.arrow',
  },
  {
    measure: 'after',
    says: "D_o, then D_s (D_o's head)",
    regime: 'sequential',
    head: 'original',
    file: 'predictions-original.arrow',
  },
  {
    measure: 'after-shifted-head',
    says: "D_o, then D_s (D_s's head)",
    regime: 'sequential',
    head: 'shifted',
    file: 'predictions-shifted.arrow',
  },
  {
    measure: 'shifted-alone',
    says: 'D_s alone',
    regime: 'alone',
    head: 'shifted',
    file: 'predictions-shifted.arrow',
  },
  {
    measure: 'mixed',
    says: 'both mixed',
    regime: 'mixed',
    head: 'original',
    file: 'predictions-original.arrow',
  },
] as const satisfies readonly Model[];

export type ModelName = (typeof MODELS)[number]['measure'];

/** One model's accuracy less another's on the same dev rows. */
export interface Difference {
  readonly measure: string;
  readonly of: ModelName;
  readonly less: ModelName;
  readonly part: PartName;
  /** What it tells. */
  readonly says: string;
}

export const DIFFERENCES = [
  {
    measure: 'after - before',
    of: 'after',
    less: 'before',
    part: 'original',
    says: 'what training on D_s does to D_o',
  },
  {
    measure: 'after - mixed',
    of: 'after',
    less: 'mixed',
    part: 'original',
    says: 'what is lost on D_o because D_s came later and not along with it',
  },
  {
    measure: 'after-shifted-head - shifted-alone',
    of: 'after-shifted-head',
    less: 'shifted-alone',
    part: 'shifted',
    says: 'what D_s gains from D_o having come before',
  },
] as const satisfies readonly Difference[];
