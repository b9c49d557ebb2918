/**
 * A word of caution about rungs that train too little to tell rates apart: measured
 * (`docs/results/rungs.md`), a rung of 42 steps a phase ranked a trial no better than chance, whichever way a
 * rung is read. Hyperband's tables know fractions of a training, not its length.
 */
import { moves, warmupSteps } from '@layerwise/optimizers';
import { SCHEDULE_NAMES } from '@layerwise/optimizers/names';
import { fullFidelity, type RungPlan } from '@layerwise/search';
import { z } from 'zod';
import { RUNG_DESIGNS } from './finetune-objective.js';
import type { SearchRecord } from '../searches/record.js';

/** Steps of a phase below which a rung is warned of: 42 said nothing, 125 said something. */
const FEW_STEPS = 100;

const scheduleSchema = z.object({ schedule: z.enum(SCHEDULE_NAMES), warmup: z.number() });

/** The sentence, or null where the lowest rung trains enough, or where a person's command does. */
export function smallRungCaution(record: SearchRecord, { fidelities }: RungPlan): string | null {
  if (record.kind === 'command' || fidelities.length < 2) return null;
  const full = fullFidelity({ fidelities });
  const { original, shifted } = RUNG_DESIGNS[record.rung](record.lengths, fidelities[0]!, full);
  const steps = Math.min(original.until, shifted.until);
  if (steps >= FEW_STEPS) return null;
  const { schedule, warmup } = scheduleSchema.parse(record.training);
  const isStill = [original, shifted].some(
    ({ until, steps: whole }) => !moves(schedule, until, whole, warmupSteps(whole, warmup)),
  );
  if (isStill)
    return `The lowest rung ends within the first step of a warm-up, whose rate is 0, so that no weight moves in it and all rates come to the same: --warmup 0 lets it move, --full 3 makes it a third of a run, --scheduler none runs all trials to the end.`;
  return `The lowest rung trains ${steps} ${steps === 1 ? 'step' : 'steps'} a phase, too few to tell rates apart: --full 3 makes it a third of a run, --scheduler none runs all trials to the end.`;
}
