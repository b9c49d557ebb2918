/** Settings by which no weight would move: said before texts are read and results of another run removed. */
import { InputError } from '@layerwise/errors';
import { moves, warmupSteps } from '@layerwise/optimizers';
import type { PretrainingSettings } from './settings.js';

/** @throws InputError where every step has the rate 0 */
export function refuseStill({ schedule, steps, rate, warmup }: PretrainingSettings): void {
  if (rate === 0) throw new InputError('With --rate 0 no weight would move; give a rate above 0.');
  if (!moves(schedule, steps, steps, warmupSteps(steps, warmup)))
    throw new InputError(
      'The only step is one of warm-up with the rate 0, so that no weight would move: give --warmup 0 or more --steps.',
    );
}
