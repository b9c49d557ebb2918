/**
 * Which layer groups matter, as one piece of data: each group's share of the reward's variance over the
 * space, the best flat rate against the best distribution, and what was measured, the control beside it. What
 * the command prints and writes and the figure draws.
 *
 * The shares ask what Hutter, Hoos and Leyton-Brown (2014, "An Efficient Approach for Assessing
 * Hyperparameter Importance") ask of a random forest, here of the Gaussian process: of functions drawn from
 * it, so that the shares have intervals.
 */
import { areAlike } from '@layerwise/combination';
import { leaveOneOutMeans } from '@layerwise/gaussian-process';
import { InputError } from '@layerwise/errors';
import { fromUnit } from '@layerwise/search';
import { flatAgainstBest, type FlatAgainstBest } from './flat-against-best.js';
import { intervalOf, type Interval } from './interval.js';
import { measuredBest, type MeasuredBest } from './measured.js';
import type { ObservedTrials } from './observed.js';
import { drawProcess, type ProcessDraws } from './process-draws.js';
import { sobolIndices } from './sobol-indices.js';

export interface ImportanceSettings {
  /** Functions that are drawn. */
  readonly draws: number;
  /** Points of the cube for each of them, a power of 2. */
  readonly points: number;
  readonly seed: number;
}

export interface GroupImportance {
  readonly name: string;
  /** Share of the variance that the group explains alone. */
  readonly first: Interval;
  /** With all interactions that it is part of: these shares add up to more than 1. */
  readonly total: Interval;
}

export interface Importance {
  readonly pair: string;
  readonly groups: readonly GroupImportance[];
  /** Standard deviation of the reward over the space, by the process. */
  readonly deviation: Interval;
  readonly runs: { readonly full: number; readonly partial: number; readonly silent: number };
  /**
   * How well the process tells each full run's reward without it: 1 − Σ(y − ŷ)²/Σ(y − ȳ)². At 0 or below it
   * tells no more than the mean does, and nothing follows from the shares.
   */
  readonly predicts: number;
  /** null where the space is not of rates. */
  readonly predicted: FlatAgainstBest | null;
  readonly measured: {
    readonly best: MeasuredBest | null;
    /** Of the trials of this file whose rates are all alike. */
    readonly flat: MeasuredBest | null;
    /** Of the control's file; null where none was given. */
    readonly control: MeasuredBest | null;
  };
  readonly settings: ImportanceSettings;
}

/**
 * @param progress told how many of the draws are done
 * @throws InputError where there is one parameter alone, or the control is of another pair, and as
 * `drawProcess` does
 */
export function importanceOf(
  trials: ObservedTrials,
  control: ObservedTrials | null,
  settings: ImportanceSettings,
  progress: (done: number, total: number) => void = () => undefined,
): Importance {
  const { names, grouping, runs, file, pair } = trials;
  if (names.length < 2) {
    throw new InputError(
      `${file} is of a search for ${names[0] ?? 'nothing'} alone, so there is nothing to compare; give a search over layer groups, and this one as --control.`,
    );
  }
  refuseOtherPair(trials, control);
  const process = drawProcess(trials, settings.draws, settings.seed);
  const indices = process.paths.map((path, s) => {
    const one = sobolIndices(path, names.length, settings.points, settings.seed + s);
    progress(s + 1, process.paths.length);
    return one;
  });
  // An estimate below 0 is one of 0.
  const share = (of: (draw: (typeof indices)[number]) => number | undefined): Interval =>
    intervalOf(indices.map((draw) => Math.max(0, of(draw) ?? NaN)));
  const full = runs.filter(({ fidelity }) => fidelity === 1).length;
  return {
    pair,
    groups: names.map((name, i) => ({
      name,
      first: share(({ first }) => first[i]),
      total: share(({ total }) => total[i]),
    })),
    deviation: intervalOf(indices.map(({ variance }) => Math.sqrt(variance))),
    runs: { full, partial: runs.length - full, silent: trials.silent },
    predicts: explainedLeftOut(trials, process),
    predicted: flatAgainstBest(trials, process, settings.seed),
    measured: {
      best: measuredBest(trials),
      flat: grouping === null ? null : measuredBest(trials, isFlat(trials)),
      control: control === null ? null : measuredBest(control),
    },
    settings,
  };
}

function refuseOtherPair(trials: ObservedTrials, control: ObservedTrials | null): void {
  const [own, other] = [trials.statedPair, control?.statedPair ?? null];
  if (own === null || other === null || own === other) return;
  throw new InputError(
    `${trials.file} is of the pair ${own} and the control ${control?.file ?? ''} of ${other}; give the control of the same pair.`,
  );
}

/** Over full runs, with the mean of what all draws' processes say. */
function explainedLeftOut({ runs }: ObservedTrials, { posteriors, values }: ProcessDraws): number {
  const predictions = posteriors.map((posterior) => leaveOneOutMeans(posterior, values));
  const full = runs.flatMap(({ fidelity }, i) => (fidelity === 1 ? [i] : []));
  const mean = full.reduce((sum, i) => sum + (values[i] ?? NaN), 0) / full.length;
  const squares = (of: (i: number) => number): number =>
    full.reduce((sum, i) => sum + ((values[i] ?? NaN) - of(i)) ** 2, 0);
  const guess = (i: number): number =>
    predictions.reduce((sum, means) => sum + (means[i] ?? NaN), 0) / predictions.length;
  return 1 - squares(guess) / squares(() => mean);
}

function isFlat({ space }: ObservedTrials): (unit: readonly number[]) => boolean {
  return (unit) => areAlike(fromUnit(space, unit).map(Number));
}
