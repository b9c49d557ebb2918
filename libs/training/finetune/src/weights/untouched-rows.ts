/**
 * Rows of the word table that no text of a run contains (`active-vocabulary.ts`). They have no gradient, so
 * that all that can move them is AdamW's decay (Loshchilov and Hutter 2019), which multiplies them by 1 −
 * rate · decay at every step: they are left out of the run, and multiplied by the product of it all when the
 * table is written back.
 */
import { phaseRates, phaseSteps } from '../phases/phase-rates.js';
import { trainSizes, type PreparedSequence } from '../runs/prepare.js';
import type { Settings } from '../settings.js';

/** ∏ (1 − rate · decay) over the steps of a whole run by which its weights came about; 1 without decay. */
export function untouchedShare(run: PreparedSequence, settings: Settings): number {
  const { optimizer, method } = settings;
  if (optimizer.name !== 'adamw') return 1;
  const { config, layout } = run.state.plan;
  const group = layout.byName.get(config.architecture.tables.words)!.group;
  const sizes = trainSizes(run);
  // Where each task is alone, the encoder is the last one's.
  const first = method?.alone ? sizes.length - 1 : 0;
  let share = 1;
  for (let phase = first; phase < sizes.length; phase++) {
    const steps = phaseSteps(settings, phase, sizes);
    for (let step = 0; step < steps; step++)
      share *= 1 - (phaseRates(settings, phase, step, steps)[group] ?? 0) * optimizer.weightDecay;
  }
  return share;
}
