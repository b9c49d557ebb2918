/**
 * How far a run moved an encoder: what the paper says is hard to show (Kenneweg et al. 2022).
 *
 * - weights: ‖θ − θ₀‖ / ‖θ₀‖ of each layer group, where θ₀ are the weights before the phase and θ those after
 *   it. Of the word table only the rows of words that occur count: no others can learn. In each phase the
 *   head is that of its task.
 * - representations: linear CKA (`cka.ts`) between the [CLS] vectors of D_o's dev texts after phase 1 and
 *   after phase 2, after each layer. (After the embeddings [CLS] is the same in all texts.)
 *
 * The weights between the phases are needed for both. A run that measures drift keeps them in its folder
 * until its results are declared complete, so that a killed run has them too.
 */
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { runDriftTable, writeRows, type RowOf } from '@layerwise/artifacts';
import { viewOf, type Engine } from '@layerwise/engine';
import { fileExists } from '@layerwise/errors';
import {
  hiddenStatesProgram,
  openSafetensors,
  packBatch,
  packingBindings,
  ROWS,
  writeSafetensors,
} from '@layerwise/model';
import { linearCka } from './cka.js';
import { batchesByLength } from '../phases/evaluate.js';
import type { PreparedRun } from '../runs/prepare.js';
import { PHASES, type Phase, type Settings } from '../settings.js';
import { compileOn, loadEncoder } from '../weights/weights.js';

/**
 * One figure; `place` is a layer group or a layer, and a value that cannot be had is null, with the reason.
 */
export type DriftFigure = RowOf<typeof runDriftTable> & {
  readonly phase: Phase;
  readonly measure: 'weight-change' | 'cka';
};

export const DRIFT_FILE = 'drift.arrow';
const BETWEEN_FILE = 'between-phases.safetensors';

/** Dev texts whose representations are compared, at most: their first ones. */
const CKA_TEXTS = 1000;

/** Keeps the weights as they are between the phases. */
export async function keepBetween(folder: string, { state: { parameters } }: PreparedRun): Promise<void> {
  const data = parameters.floats;
  await writeSafetensors(join(folder, BETWEEN_FILE), [{ name: 'parameters', shape: [data.length], data }]);
}

export async function removeBetween(folder: string): Promise<void> {
  await rm(join(folder, BETWEEN_FILE), { force: true });
}

/** Measures a run that is complete and writes `drift.arrow` into its folder. */
export async function writeDrift(
  folder: string,
  engine: Engine,
  run: PreparedRun,
  settings: Settings,
  signal: AbortSignal,
): Promise<void> {
  const figures = await driftOf(engine, run, settings, keptBetween(folder, run), signal);
  await writeRows(join(folder, DRIFT_FILE), runDriftTable, figures, {});
}

function keptBetween(folder: string, { state: { parameters } }: PreparedRun): Float32Array | null {
  const file = join(folder, BETWEEN_FILE);
  if (!fileExists(file)) return null;
  const weights = new Float32Array(parameters.floats.length);
  openSafetensors(file).readInto('parameters', weights);
  return weights;
}

/**
 * @param between the weights between the phases; null where one of them was left out, or they were not kept
 * @throws the signal's reason soon after it was aborted
 */
export async function driftOf(
  engine: Engine,
  run: PreparedRun,
  settings: Settings,
  between: Float32Array | null,
  signal: AbortSignal,
): Promise<DriftFigure[]> {
  const last = run.state.parameters.floats;
  const trained = PHASES.filter((phase) => settings.epochs[phase] > 0);
  const start = firstWeights(run);
  // With one phase its beginning is the beginning of all, and so it is where each task is trained alone.
  const isAlone = settings.method?.alone === true;
  const spans = trained.map((phase, place) => ({
    phase,
    from: place === 0 || isAlone ? start : between,
    to: place === trained.length - 1 ? last : between,
  }));
  const weights = spans.flatMap(({ phase, from, to }) => weightChanges(run, settings, phase, from, to));
  return [...weights, ...(await alignments(engine, run, settings, between, signal))];
}

/** Encoder and heads before the first step, laid out as the run's. */
function firstWeights({ encoder, initialHeads, state: { plan, parameters } }: PreparedRun): Float32Array {
  const weights = new Float32Array(parameters.floats.length);
  loadEncoder(plan, encoder.tensors, weights);
  for (const { name, data } of initialHeads) viewOf(weights, plan.layout, name).set(data);
  return weights;
}

function weightChanges(
  { tasks, state: { plan } }: PreparedRun,
  { grouping, rates }: Settings,
  phase: Phase,
  from: Float32Array | null,
  to: Float32Array | null,
): DriftFigure[] {
  const { groups } = grouping;
  const others = PHASES.filter((other) => other !== phase).map((other) => tasks[other].headName);
  const places = plan.layout.places.filter(({ name }) => !others.some((head) => name.startsWith(`${head}.`)));
  return groups.flatMap(({ name: place }, order): DriftFigure[] => {
    // A group that holds nothing has no rate.
    if (rates[order] === null) return [];
    const figure = { phase, measure: 'weight-change', place, order } as const;
    if (from === null || to === null)
      return [{ ...figure, value: null, reason: 'the weights between the phases were not kept' }];
    const own = places.filter(({ group }) => group % groups.length === order);
    let [moved, before] = [0, 0];
    for (const { offset, length } of own)
      for (let at = offset; at < offset + length; at++) {
        moved += (to[at]! - from[at]!) ** 2;
        before += from[at]! ** 2;
      }
    return before > 0
      ? [{ ...figure, value: Math.sqrt(moved / before), reason: null }]
      : [{ ...figure, value: null, reason: 'all its weights were 0 before the phase' }];
  });
}

async function alignments(
  engine: Engine,
  run: PreparedRun,
  settings: Settings,
  between: Float32Array | null,
  signal: AbortSignal,
): Promise<DriftFigure[]> {
  const places = layerPlaces(run.encoder.config.layers);
  const figureOf = (order: number, value: number | null, reason: string | null): DriftFigure => ({
    phase: 'shifted',
    measure: 'cka',
    place: places[order]!,
    order,
    value,
    reason,
  });
  if (between === null) {
    const isWhole = PHASES.every((phase) => settings.epochs[phase] > 0);
    const reason = isWhole ? 'the weights between the phases were not kept' : 'only one phase was trained';
    return places.map((_, order) => figureOf(order, null, reason));
  }
  if (settings.method?.alone) {
    const reason = 'phase 2 began with the pretrained encoder, so there is none before it to compare with';
    return places.map((_, order) => figureOf(order, null, reason));
  }
  const current = run.state.parameters.floats;
  const after = current.slice();
  try {
    const second = await representations(engine, run, signal);
    current.set(between);
    const first = await representations(engine, run, signal);
    const { hiddenSize: width } = run.encoder.config;
    return places.map((_, order) => {
      const of = (all: readonly Float32Array[]) => ({ values: all[order]!, width });
      const value = linearCka(of(first), of(second));
      return figureOf(order, value, value === null ? 'all texts have the same vector' : null);
    });
  } finally {
    current.set(after);
  }
}

function layerPlaces(layers: number): string[] {
  return Array.from({ length: layers }, (_, layer) => `layer ${layer}`);
}

/** [CLS] vectors of D_o's dev texts under the weights as they are: [layers][texts × hidden]. */
async function representations(
  engine: Engine,
  run: PreparedRun,
  signal: AbortSignal,
): Promise<Float32Array[]> {
  const { plan, parameters, lookup } = run.state;
  const { hiddenSize: width, layers } = plan.config;
  const { dev } = run.tasks.original;
  const program = hiddenStatesProgram(plan.config);
  const executable = await compileOn(engine, program, plan.layout, parameters.floats);
  try {
    const texts = Math.min(dev.offsets.length - 1, CKA_TEXTS);
    const found = Array.from({ length: layers }, () => new Float32Array(texts * width));
    for (const rows of batchesByLength(dev, texts)) {
      signal.throwIfAborted();
      const packed = packBatch(dev, rows);
      const embedded = { data: lookup.gather(packed, parameters.floats), shape: [packed.tokens, width] };
      const hidden = await executable.run({ ...packingBindings(plan.config, packed), [ROWS]: embedded }, {});
      found.forEach((vectors, layer) => {
        // The first rows of a packed batch are every text's [CLS].
        const states = hidden[`hidden.${layer + 1}`]!;
        rows.forEach((row, text) =>
          vectors.set(states.subarray(text * width, (text + 1) * width), row * width),
        );
      });
    }
    return found;
  } finally {
    await executable.dispose();
  }
}
