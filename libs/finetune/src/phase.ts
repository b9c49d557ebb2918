/** One phase of the protocol: train on a task's training split, from any step to any other, under the schedule of a whole phase. */
import type { Engine } from '@layerwise/engine';
import { meanTargets, packBatch } from '@layerwise/model';
import { scheduleFactor, warmupSteps } from '@layerwise/optimizers';
import { stepRows, stepsPerEpoch } from './batch-order.js';
import type { History } from './history.js';
import { flatRates, type PreparedSequence, type PreparedTask } from './prepare.js';
import type { Settings } from './settings.js';
import { createTrainer, trainStep, type TrainingBatch } from './trainer.js';

/** Steps of a phase, counted from 0, on so many rows. */
export function phaseSteps(settings: Settings, phase: number, rows: number): number {
  const { original, shifted } = settings.epochs;
  const epochs = phase === 0 ? original : shifted;
  return epochs * stepsPerEpoch(rows, settings.batch * settings.accumulate);
}

/** The rate of every layer group at a step, counted from 0. */
export function groupRates(settings: Settings, step: number, steps: number): (number | null)[] {
  const factor = scheduleFactor(settings.schedule, step, steps, warmupSteps(steps, settings.warmup));
  return settings.rates.map((rate) => (rate === null ? null : rate * factor));
}

/** Which steps of a phase are trained, and the length of the schedule that they belong to. */
export interface Span {
  /** The first step, counted from 0. */
  readonly from: number;
  /** The step before which training ends: below `steps` the schedule is cut off there. */
  readonly until: number;
  /** Steps of the whole schedule. */
  readonly steps: number;
}

export interface StepReport {
  /** Counted from 0. */
  readonly step: number;
  /** Of the whole schedule. */
  readonly steps: number;
  readonly loss: number;
  readonly texts: number;
}

export interface PhaseEvents {
  /** After each step; the phase waits for it, so it may write a checkpoint. True stops the phase. */
  afterStep(report: StepReport): Promise<boolean>;
}

export type PhaseEnd =
  | { readonly kind: 'done' }
  | { readonly kind: 'stopped' }
  | { readonly kind: 'diverged'; readonly step: number };

/** Trains the steps of `span` of a phase, counted from 0, and adds what happens to `history`. */
export async function trainPhase(
  engine: Engine,
  run: PreparedSequence,
  settings: Settings,
  phase: number,
  { from, until, steps }: Span,
  history: History,
  events: PhaseEvents,
): Promise<PhaseEnd> {
  const prepared = run.sequence[phase];
  if (!prepared) throw new RangeError(`a phase ${String(phase)} of ${String(run.sequence.length)} tasks`);
  const trained = run.sequence.map((task) => task === prepared);
  const rows = prepared.task.train.label.length;
  if (from >= until) return { kind: 'done' };
  const rowsOf = stepRows(settings.seed, phase, rows, settings.batch * settings.accumulate);
  const trainer = await createTrainer(engine, settings.threads, run.state, prepared.program, run.sites);
  try {
    for (let step = from; step < until; step++) {
      const started = performance.now();
      const texts = rowsOf(step);
      let tokens = 0;
      const batches = packedBatches(prepared, texts, settings.batch, (count) => (tokens += count));
      const randomness = { seed: settings.seed, phase, step };
      const rates = flatRates(groupRates(settings, step, steps), trained);
      const loss = await trainStep(trainer, batches, randomness, {
        step: step + 1,
        rates,
        clipNorm: settings.clipNorm,
      });
      history.phase.push(phase);
      history.step.push(step);
      history.loss.push(loss);
      history.tokens.push(tokens);
      history.seconds.push((performance.now() - started) / 1000);
      if (!Number.isFinite(loss)) return { kind: 'diverged', step };
      if (await events.afterStep({ step, steps, loss, texts: texts.length })) return { kind: 'stopped' };
    }
  } finally {
    await trainer.dispose();
  }
  return { kind: 'done' };
}

/** The texts of a step as packed batches whose targets together are a mean over the step. */
function* packedBatches(
  { task, train, program }: PreparedTask,
  texts: Int32Array,
  batch: number,
  count: (tokens: number) => void,
): Generator<TrainingBatch> {
  for (let start = 0; start < texts.length; start += batch) {
    const taken = texts.subarray(start, start + batch);
    const packed = packBatch(train, taken);
    count(packed.tokens);
    const labels = Array.from(taken, (row) => task.train.label[row] ?? 0);
    const targets = meanTargets(labels, program.labels).map(
      (weight) => (weight * taken.length) / texts.length,
    );
    yield { packed, targets, labels: program.labels };
  }
}
