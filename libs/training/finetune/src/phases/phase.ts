/**
 * One phase of the protocol: train on a task's training split, from any step to any other, under the schedule
 * of a whole phase.
 */
import type { Engine } from '@layerwise/engine';
import { meanTargets, packBatch } from '@layerwise/model';
import type { Pull } from '@layerwise/optimizers';
import type { History } from './history.js';
import { phaseRows, stepRowsByTask } from '../batches/mixture.js';
import { trainSizes, type PreparedSequence, type PreparedTask } from '../runs/prepare.js';
import type { Settings } from '../settings.js';
import { follow, momentumAt } from '../methods/smart-step.js';
import { createTrainer, trainStep } from '../step/trainer.js';
import type { TrainingBatch } from '../step/training-state.js';
import { flatRates } from '../weights/flat-groups.js';
import { joinedSteps, phaseRates } from './phase-rates.js';
import { loadEncoder } from '../weights/weights.js';

/**
 * Which groups of flat memory (`flatRates`) move at some step of a phase: a gradient of another has no
 * effect, unless it counts in the norm that gradients are clipped to.
 */
function movingGroups(
  settings: Settings,
  joined: readonly (number | null)[] | null,
  seen: readonly boolean[],
): (group: number) => boolean {
  const rates = settings.rates.map((rate, group) => (joined?.[group] === null ? null : rate));
  const moving = flatRates(rates, seen).map(
    (rate) => rate !== null && (rate > 0 || settings.clipNorm !== null),
  );
  return (group) => moving[group] ?? false;
}

/**
 * Before a phase's first step, of which a run has several: the optimiser starts anew, and with `alone` the
 * encoder does.
 */
export function startPhase({ encoder, state }: PreparedSequence, settings: Settings): void {
  state.optimizer.reset();
  if (settings.method?.alone) loadEncoder(state.plan, encoder.tensors, state.parameters.floats);
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

/** What is trained, by which settings, and what computes it. */
export interface Training {
  readonly engine: Engine;
  readonly run: PreparedSequence;
  readonly settings: Settings;
}

export interface PhaseOptions {
  /** Which task is trained, counted from 0. */
  readonly phase: number;
  readonly span: Span;
  /** What happens is added to it. */
  readonly history: History;
  /** Of the run's penalties, by `pullOfPhase`. */
  readonly pull: Pull | null;
  /** After each step; the phase waits for it, so it may write a checkpoint. True stops the phase. */
  readonly afterStep: (report: StepReport) => Promise<boolean>;
}

export type PhaseEnd =
  | { readonly kind: 'done' }
  | { readonly kind: 'stopped' }
  | { readonly kind: 'diverged'; readonly step: number };

/** Trains the steps of `span`. */
export async function trainPhase(
  { engine, run, settings }: Training,
  { phase, span: { from, until, steps }, history, pull, afterStep }: PhaseOptions,
): Promise<PhaseEnd> {
  const sizes = trainSizes(run);
  // Tasks that the phase sees, in the order of the sequence; the trainer counts its heads in the same order.
  const seen = phaseRows(settings, phase, sizes).map(({ length }) => length > 0);
  const heads = run.sequence.map(({ program }) => program).filter((_, task) => seen[task]);
  if (from >= until) return { kind: 'done' };
  const rowsOf = stepRowsByTask(
    settings,
    phase,
    run.sequence.map(({ train }) => train),
  );
  const joined = joinedSteps(settings, phase, steps);
  const moves = movingGroups(settings, joined, seen);
  const { byName } = run.state.plan.layout;
  const groupOf = (name: string): number => byName.get(name)!.group;
  const trainer = await createTrainer({
    engine,
    state: run.state,
    heads,
    sites: run.sites,
    smart: settings.method?.smart ?? null,
    isTrained: (name) => moves(groupOf(name)),
  });
  const { parameters, earlier } = run.state;
  if (from === 0) earlier?.floats.set(parameters.floats);
  try {
    for (let step = from; step < until; step++) {
      const started = performance.now();
      const texts = rowsOf(step);
      let tokens = 0;
      const parts = run.sequence.map((task, place) => ({ task, rows: texts[place] ?? new Int32Array(0) }));
      const batches = packedBatches(
        parts.filter((_, task) => seen[task]),
        settings.batch,
        (count) => (tokens += count),
      );
      const randomness = { seed: settings.seed, phase, step };
      const rates = flatRates(phaseRates(settings, phase, step, steps), seen).map((rate, group) =>
        moves(group) ? rate : null,
      );
      const loss = await trainStep(trainer, batches, randomness, {
        step: step + 1,
        rates,
        joined: joined && [joined, ...seen.map(() => joined)].flat(),
        clipNorm: settings.clipNorm,
        pull,
      });
      if (earlier && Number.isFinite(loss))
        follow(earlier.floats, parameters.floats, momentumAt(step, steps));
      history.phase.push(phase);
      history.step.push(step);
      history.loss.push(loss);
      history.tokens.push(tokens);
      history.seconds.push((performance.now() - started) / 1000);
      if (!Number.isFinite(loss)) return { kind: 'diverged', step };
      if (await afterStep({ step, steps, loss, texts: lengthOf(texts) })) return { kind: 'stopped' };
    }
  } finally {
    await trainer.dispose();
  }
  return { kind: 'done' };
}

/** The rows of a step as packed batches whose targets together are a mean over the step. */
function* packedBatches(
  parts: readonly { readonly task: PreparedTask; readonly rows: Int32Array }[],
  batch: number,
  count: (tokens: number) => void,
): Generator<TrainingBatch> {
  const total = lengthOf(parts.map(({ rows }) => rows));
  for (const [head, { task, rows }] of parts.entries()) {
    for (let start = 0; start < rows.length; start += batch) {
      const taken = rows.subarray(start, start + batch);
      const packed = packBatch(task.train, taken);
      count(packed.tokens);
      const labels = Array.from(taken, (row) => task.task.train.label[row]!);
      const targets = meanTargets(labels, task.program.labels).map(
        (weight) => (weight * taken.length) / total,
      );
      yield { packed, targets, labels: task.program.labels, head };
    }
  }
}

function lengthOf(lists: readonly Int32Array[]): number {
  return lists.reduce((sum, { length }) => sum + length, 0);
}
