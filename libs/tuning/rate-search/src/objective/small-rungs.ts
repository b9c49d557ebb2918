/**
 * A word of caution about rungs that train too little to tell rates apart: measured
 * (`docs/results/rungs.md`), a rung of 42 steps a phase ranked a trial no better than chance, whichever way a
 * rung is read. Hyperband's tables know fractions of a training, not its length.
 */
import { fullFidelity, type RungPlan } from '@layerwise/search';
import { RUNG_DESIGNS } from './finetune-objective.js';
import type { SearchRecord } from '../searches/record.js';

/** Steps of a phase below which a rung is warned of: 42 said nothing, 125 said something. */
const FEW_STEPS = 100;

/** The sentence, or null where the lowest rung trains enough, or where a person's command does. */
export function smallRungCaution(record: SearchRecord, { fidelities }: RungPlan): string | null {
  if (record.kind === 'command' || fidelities.length < 2) return null;
  const full = fullFidelity({ fidelities });
  const { original, shifted } = RUNG_DESIGNS[record.rung](record.lengths, fidelities[0]!, full);
  const steps = Math.min(original.until, shifted.until);
  if (steps >= FEW_STEPS) return null;
  return `The lowest rung trains ${steps} ${steps === 1 ? 'step' : 'steps'} a phase, too few to tell rates apart: --full 3 makes it a third of a run, --scheduler none runs all trials to the end.`;
}
