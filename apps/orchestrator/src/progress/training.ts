/** Progress of training: loss, samples a second and time left, on a meter (`meter.ts`). */
import { createMeter, type Meter, type Screen } from './meter.js';

/** Samples a second are those of the last seconds, so that a slow start is soon forgotten. */
const windowSeconds = 10;

export interface TrainingProgress {
  /**
   * After a step.
   * @param step steps done, counted over the whole phase
   * @param samples rows in this step
   */
  readonly step: (step: number, loss: number, samples: number) => void;
  readonly end: () => void;
}

/**
 * @param label the phase
 * @param steps of the whole phase
 * @param start steps that an earlier run did
 */
export function trainingProgress(screen: Screen, label: string, steps: number, start = 0): TrainingProgress {
  const meter: Meter = createMeter(screen, label, steps, start);
  let total = 0;
  let recent: { readonly time: number; readonly total: number }[] = [{ time: screen.now(), total }];
  return {
    step: (step, loss, samples) => {
      const time = screen.now();
      total += samples;
      recent = [...recent.filter((mark) => time - mark.time <= windowSeconds), { time, total }];
      const oldest = recent[0];
      const seconds = oldest === undefined ? 0 : time - oldest.time;
      const rate = oldest === undefined || seconds === 0 ? 0 : (total - oldest.total) / seconds;
      meter.update(step, `step ${step}/${steps} | loss ${loss.toFixed(4)} | ${rate.toFixed(1)} samples/s`);
    },
    end: meter.end,
  };
}
