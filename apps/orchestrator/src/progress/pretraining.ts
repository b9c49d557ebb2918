/** Progress of pretraining: loss, held-out loss, tokens a second and time left, on a meter (`meter.ts`). */
import { createMeter, type Meter, type Screen } from './meter.js';

/** The loss of a step jumps about: what is shown is a running mean with this memory. */
const MEMORY = 0.98;

export interface PretrainingProgress {
  readonly onStart: (done: number) => void;
  readonly onStep: (step: number, loss: number, tokens: number) => void;
  readonly onEvaluation: (curve: { readonly heldOutLoss: readonly number[] }) => void;
  readonly end: () => void;
}

export function pretrainingProgress(screen: Screen, steps: number): PretrainingProgress {
  let meter: Meter | undefined;
  let [began, tokensSeen, mean, heldOut] = [screen.now(), 0, Number.NaN, Number.NaN];
  return {
    onStart: (done) => {
      meter = createMeter(screen, 'pretraining', steps, done);
      began = screen.now();
    },
    onStep: (step, loss, tokens) => {
      tokensSeen += tokens;
      mean = Number.isNaN(mean) ? loss : MEMORY * mean + (1 - MEMORY) * loss;
      const rate = tokensSeen / Math.max(screen.now() - began, 1e-9);
      const losses = `loss ${mean.toFixed(3)}, held out ${heldOut.toFixed(3)}`;
      meter?.update(step, `step ${step}/${steps} | ${losses} | ${rate.toFixed(0)} tokens/s`);
    },
    onEvaluation: ({ heldOutLoss }) => {
      heldOut = heldOutLoss.at(-1) ?? Number.NaN;
    },
    end: () => meter?.end(),
  };
}
