/**
 * Everything that is known of a combined distribution, as one piece of data: what the command prints and
 * writes, the figure draws and the exports turn into code. Neighbours: `combine.ts`, `bootstrap-band.ts`,
 * `leave-one-out.ts`, `flat-trials.ts`.
 */
import { isEmptyGroup, type Grouping } from '@layerwise/optimizers';
import { bootstrapBand, type Band, type BandOptions } from './bootstrap-band.js';
import { combine } from './combine.js';
import { flatTrials, type FlatTrial } from './flat-trials.js';
import { leaveOneOut, type LeftOut } from './leave-one-out.js';
import type { PairTrials } from '../trials/rated-trial.js';
import type { WeightingName } from '../options.js';
import { weightingOf, type WeightingNumbers } from '../weights/weightings.js';

export interface DistributionSettings {
  readonly weights: WeightingName;
  readonly numbers: WeightingNumbers;
  readonly bootstrap: BandOptions;
  /** Also combine without each pair in turn. */
  readonly leaveOneOut: boolean;
}

/** Rates are one for each group that holds a tensor, as `groups` names them. */
export interface Distribution {
  readonly grouping: Grouping;
  /** [groups] Names of the groups that have a rate. */
  readonly groups: readonly string[];
  /** [groups] */
  readonly rates: readonly number[];
  readonly band: Band;
  readonly perPair: readonly PairSummary[];
  /** Empty where it was not asked for. */
  readonly leftOut: readonly LeftOut[];
  readonly settings: DistributionSettings;
}

export interface PairSummary {
  readonly pair: string;
  /** How many were combined. */
  readonly trials: number;
  readonly bestReward: number;
  /** [groups] */
  readonly rates: readonly number[];
  readonly flat: readonly FlatTrial[];
}

/** @throws InputError as `combine`, `bootstrapBand`, `leaveOneOut` and `weightingOf` do */
export function distributionOf(pairs: readonly PairTrials[], settings: DistributionSettings): Distribution {
  const weighting = weightingOf(settings.weights, settings.numbers);
  const { grouping, rates, perPair } = combine(pairs, weighting);
  return {
    grouping,
    groups: heldGroups(grouping),
    rates,
    band: bootstrapBand(pairs, weighting, settings.bootstrap),
    perPair: pairs.map(({ pair, trials }, i) => ({
      pair,
      trials: trials.length,
      bestReward: Math.max(...trials.map(({ reward }) => reward)),
      rates: perPair[i]?.rates ?? [],
      flat: flatTrials(trials),
    })),
    leftOut: settings.leaveOneOut ? leaveOneOut(pairs, weighting) : [],
    settings,
  };
}

/** Names of the groups that hold something, in their order. */
export function heldGroups({ groups }: Grouping): string[] {
  return groups.filter((group) => !isEmptyGroup(group)).map(({ name }) => name);
}
