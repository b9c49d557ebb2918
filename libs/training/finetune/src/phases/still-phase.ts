/**
 * A phase in which no weight can move, found before anything is paid for it: its only step has the factor 0
 * of a warm-up, or every layer group that holds weights stands still. Its figures would be those of untrained
 * weights, and nothing in them would tell.
 */
import type { Task } from '@layerwise/artifacts';
import { InputError } from '@layerwise/errors';
import { moves, warmupSteps } from '@layerwise/optimizers';
import { phaseRows } from '../batches/mixture.js';
import { epochsOf, type Settings } from '../settings.js';
import { flatRates } from '../weights/flat-groups.js';
import { phaseRates, phaseSteps } from './phase-rates.js';

/**
 * @param holds whether a group of flat memory (`flatRates`) holds weights; absent: all that have a rate do
 * @throws InputError for the first of the tasks' phases in which no weight can move; a phase of no epochs is
 * none
 */
export function refuseStillPhases(
  tasks: readonly Task[],
  settings: Settings,
  holds: (group: number) => boolean = () => true,
): void {
  const sizes = tasks.map(({ train }) => train.label.length);
  for (const [phase, { name }] of tasks.entries()) {
    if (epochsOf(settings, phase) === 0) continue;
    const steps = phaseSteps(settings, phase, sizes);
    if (!moves(settings.schedule, steps, steps, warmupSteps(steps, settings.warmup)))
      throw new InputError(
        `The phase on ${name} has 1 step, of warm-up with the rate 0, so that no weight would move: give --warmup 0, or more epochs or a smaller --batch.`,
      );
    if (!movesAny(settings, phase, sizes, steps, holds))
      throw new InputError(
        `Every layer group that holds weights has the rate 0 in the phase on ${name}, so that no weight would move: give one of them a rate above 0.`,
      );
  }
}

function movesAny(
  settings: Settings,
  phase: number,
  sizes: readonly number[],
  steps: number,
  holds: (group: number) => boolean,
): boolean {
  const seen = phaseRows(settings, phase, sizes).map(({ length }) => length > 0);
  for (let step = 0; step < steps; step++) {
    const rates = flatRates(phaseRates(settings, phase, step, steps), seen);
    if (rates.some((rate, group) => rate !== null && rate > 0 && holds(group))) return true;
  }
  return false;
}
