/**
 * Masked-language-model training (Devlin et al. 2019; without next-sentence prediction, as Liu et al. 2019):
 * from any checkpoint to the end, with evaluations on held-out text between; what a step does is in
 * `course.ts`. Killed at any moment, the same call continues to the same bits.
 *
 * An update is AdamW's (Loshchilov & Hutter 2019): matrices shrink by rate · decay, then Adam moves
 * everything.
 */
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { startEngine } from '@layerwise/engine';
import { CHECKPOINT_FILE, readCheckpoint, writeCheckpoint } from '@layerwise/finetune';
import { scheduleFactor, warmupSteps } from '@layerwise/optimizers';
import { PRETRAINING_CHECKPOINT, type Place } from './checkpoint.js';
import { startCourse } from './course.js';
import { emptyCurve, type Curve } from './curve.js';
import type { PreparedPretraining } from './prepare.js';
import type { PretrainingSettings } from './settings.js';

export interface PretrainOptions {
  readonly outputFolder: string;
  /** Steps between checkpoints; 0 writes one only when stopped. */
  readonly checkpointEvery: number;
  /** Aborted to stop after the step under way, with a checkpoint. */
  readonly signal: AbortSignal;
  /** Before the first step: steps that an earlier call did. */
  onStart(done: number): void;
  /** After each step. */
  onStep(step: number, loss: number, tokens: number): void;
  /** After each evaluation: the curve so far. */
  onEvaluation(curve: Curve): void;
}

export type PretrainEnd =
  | { readonly kind: 'complete'; readonly curve: Curve; readonly seconds: number }
  | { readonly kind: 'stopped'; readonly step: number }
  /** The loss of this step, counted from 0, was no finite number. */
  | { readonly kind: 'diverged'; readonly step: number };

/** Trains the weights in `run.state`. */
export async function pretrain(
  run: PreparedPretraining,
  settings: PretrainingSettings,
  options: PretrainOptions,
): Promise<PretrainEnd> {
  const { state } = run;
  const { steps, evaluateEvery } = settings;
  const file = join(options.outputFolder, CHECKPOINT_FILE);
  const restored = readCheckpoint(PRETRAINING_CHECKPOINT, file, state, run.fingerprint);
  const curve = restored?.columns ?? emptyCurve();
  const place: Place = restored?.place ?? {
    fingerprint: run.fingerprint,
    step: 0,
    tokens: 0,
    lossSum: 0,
    lossCount: 0,
    seconds: 0,
  };
  const [started, before] = [performance.now(), place.seconds];
  const clock = (): void => {
    place.seconds = before + (performance.now() - started) / 1000;
  };
  const engine = await startEngine(settings.engine, settings);
  const course = await startCourse(engine, run, settings);
  const evaluate = async (): Promise<void> => {
    const score = await course.evaluate();
    clock();
    curve.step.push(place.step);
    curve.tokens.push(place.tokens);
    curve.trainingLoss.push(place.lossSum / place.lossCount);
    curve.heldOutLoss.push(score.loss);
    curve.heldOutAccuracy.push(score.accuracy);
    curve.heldOutCosine.push(score.cosine);
    curve.rate.push(rateAt(settings, place.step));
    curve.seconds.push(place.seconds);
    Object.assign(place, { lossSum: 0, lossCount: 0 });
    options.onEvaluation(curve);
  };
  const save = (): Promise<void> => writeCheckpoint(PRETRAINING_CHECKPOINT, file, state, place, curve);

  try {
    options.onStart(place.step);
    if (place.step === 0 && curve.step.length === 0) await evaluate();
    let next = place.step < steps ? course.step(place.step) : null;
    while (next) {
      const { step } = place;
      const pending = next.backward();
      const { tokens } = next;
      // The engine computes on threads of its own: meanwhile the next batch is made.
      next = step + 1 < steps ? course.step(step + 1) : null;
      const loss = await pending;
      if (!Number.isFinite(loss)) return { kind: 'diverged', step };
      const rate = rateAt(settings, step);
      shrink(state.parameters.floats.subarray(0, run.decayed), 1 - rate * settings.weightDecay);
      course.update({ step: step + 1, rates: [rate, rate], clipNorm: settings.clipNorm });
      place.step = step + 1;
      place.tokens += tokens;
      place.lossSum += loss;
      place.lossCount += 1;
      options.onStep(place.step, loss, tokens);
      if (place.step % evaluateEvery === 0 || place.step === steps) await evaluate();
      clock();
      const due = options.checkpointEvery > 0 && place.step % options.checkpointEvery === 0;
      if (options.signal.aborted || due) await save();
      if (options.signal.aborted && place.step < steps) return { kind: 'stopped', step: place.step };
    }
  } finally {
    await course.dispose();
  }
  return { kind: 'complete', curve, seconds: place.seconds };
}

/** Removes the checkpoint of a run whose results are written. */
export async function removeCheckpoint(outputFolder: string): Promise<void> {
  await rm(join(outputFolder, CHECKPOINT_FILE), { force: true });
}

/** The rate of a step, counted from 0. */
export function rateAt({ schedule, rate, steps, warmup }: PretrainingSettings, step: number): number {
  return rate * scheduleFactor(schedule, step, steps, warmupSteps(steps, warmup));
}

function shrink(weights: Float32Array, factor: number): void {
  if (factor === 1) return;
  for (let i = 0; i < weights.length; i++) weights[i] = weights[i]! * factor;
}
