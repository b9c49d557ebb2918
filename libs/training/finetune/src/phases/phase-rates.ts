/** How long a phase is and which rate every layer group has at each of its steps: settings alone decide. */
import { scheduleFactor, warmupSteps } from '@layerwise/optimizers';
import { stepsPerEpoch } from '../batches/batch-order.js';
import { phaseRows } from '../batches/mixture.js';
import { joiningSteps } from '../methods/unfreezing.js';
import { epochsOf, type Settings } from '../settings.js';

/** Steps of a phase, counted from 0; `sizes` are the training rows of all tasks. */
export function phaseSteps(settings: Settings, phase: number, sizes: readonly number[]): number {
  const rows = phaseRows(settings, phase, sizes).reduce((sum, { length }) => sum + length, 0);
  return epochsOf(settings, phase) * stepsPerEpoch(rows, settings.batch * settings.accumulate);
}

/**
 * The rate of every layer group at a step, counted from 0, of groups that take part from the first step. With
 * a minimum m, a factor f of the schedule becomes m + (1 − m)·f once the rates have risen, as transformers'
 * `cosine_with_min_lr` has it.
 */
export function groupRates(settings: Settings, step: number, steps: number): (number | null)[] {
  const warmup = warmupSteps(steps, settings.warmup);
  const scheduled = scheduleFactor(settings.schedule, step, steps, warmup);
  const minimum = step < warmup ? 0 : (settings.minimumRate ?? 0);
  const factor = minimum > 0 ? minimum + (1 - minimum) * scheduled : scheduled;
  return settings.rates.map((rate) => (rate === null ? null : rate * factor));
}

/** The same in a phase, counted from 0, where groups may join later: null until then. */
export function phaseRates(
  settings: Settings,
  phase: number,
  step: number,
  steps: number,
): (number | null)[] {
  const joined = joinedSteps(settings, phase, steps);
  const hasJoined = (group: number): boolean => joined === null || (joined[group] ?? Infinity) <= step;
  return groupRates(settings, step, steps).map((rate, group) => (hasJoined(group) ? rate : null));
}

/** The step at which each group joins; null where all do at the first. */
export function joinedSteps(settings: Settings, phase: number, steps: number): (number | null)[] | null {
  const unfreezing = settings.method?.unfreezing;
  return unfreezing ? joiningSteps(settings.rates, unfreezing, steps, epochsOf(settings, phase)) : null;
}
