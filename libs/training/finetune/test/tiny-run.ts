/**
 * Runs for the tests of this lib: a BERT of four layers of width 16, two small tasks, a folder that is gone
 * afterwards.
 */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { digestOf, type Task } from '@layerwise/artifacts';
import { viewOf } from '@layerwise/engine';
import { openEncoder } from '@layerwise/model';
import { paperGrouping, parseRates, recipes } from '@layerwise/optimizers';
import { expect, onTestFinished } from 'vitest';
import {
  PHASES,
  prepareRun,
  runProtocol,
  tokenizerOf,
  type Phase,
  type PreparedRun,
  type RunOptions,
  type RunOutcome,
  type Settings,
} from '../src/index.js';

/** See tools/reference/make_bert_fixture.py; its config has no dropout. */
export const BERT = resolve(import.meta.dirname, '../../../compute/model/fixtures/bert');

/** [text, pair, label] */
type Row = readonly [string, string | null, number];
export interface PlainTask {
  readonly labels: readonly string[];
  readonly train: readonly Row[];
  readonly dev: readonly Row[];
}

/** What PyTorch made of the sequential protocol, see tools/reference/sequential.py. */
export interface SequentialReference {
  readonly seed: number;
  readonly maxLength: number;
  readonly warmup: number;
  readonly rates: readonly number[];
  readonly tasks: Readonly<Record<Phase, PlainTask>>;
  readonly heads: Readonly<
    Record<Phase, { readonly weight: readonly number[][]; readonly bias: readonly number[] }>
  >;
  readonly runs: readonly {
    readonly name: string;
    readonly optimizer: 'adam' | 'adamw' | 'sgd';
    readonly batch: number;
    readonly accumulate: number;
    readonly clipNorm: number | null;
    readonly epochs: readonly [number, number];
    readonly batches: Readonly<Record<Phase, readonly number[][]>>;
    readonly losses: Readonly<Record<Phase, readonly number[]>>;
    readonly logits: Readonly<Record<Phase | 'originalBefore', readonly number[][]>>;
  }[];
}

export const reference = JSON.parse(
  readFileSync(resolve(import.meta.dirname, '../fixtures/sequential.json'), 'utf8'),
) as SequentialReference;

export function taskOf(name: string, { labels, train, dev }: PlainTask): Task {
  const split = (rows: readonly Row[]) => ({
    index: Int32Array.from(rows, (_, row) => row),
    text: rows.map(([text]) => text),
    pair: rows.every(([, pair]) => pair === null) ? null : rows.map(([, pair]) => pair ?? ''),
    label: Int32Array.from(rows, ([, , label]) => label),
  });
  return { name, labels, train: split(train), dev: split(dev) };
}

/** The tasks of the reference: 10 and 7 training rows. */
export const TASKS: Readonly<Record<Phase, Task>> = {
  original: taskOf('loudness', reference.tasks.original),
  shifted: taskOf('sameness', reference.tasks.shifted),
};

const grouping = paperGrouping(4);

/** Two epochs each of 3 and 2 steps, ten rates, no dropout. */
export const SETTINGS: Settings = {
  rates: parseRates(reference.rates.join(), grouping),
  grouping,
  optimizer: recipes.adam,
  schedule: 'cosine',
  warmup: 0.25,
  epochs: { original: 2, shifted: 2 },
  batch: 4,
  accumulate: 1,
  maximumLength: 24,
  clipNorm: null,
  dropout: null,
  seed: 7,
  engine: 'onnxruntime',
  provider: 'cpu',
  threads: 1,
};

/** Prepares a run; the encoder may be another folder's. */
export async function prepare(settings: Settings, tasks = TASKS, folder = BERT): Promise<PreparedRun> {
  const encoder = openEncoder(folder);
  return prepareRun(tasks, encoder, await tokenizerOf(encoder, null), settings);
}

/** The settings of a run of PyTorch's. */
export function settingsOf({
  optimizer,
  batch,
  accumulate,
  clipNorm,
  epochs: [original, shifted],
}: Pick<
  SequentialReference['runs'][number],
  'optimizer' | 'batch' | 'accumulate' | 'clipNorm' | 'epochs'
>): Settings {
  const { seed, warmup, maxLength: maximumLength } = reference;
  return {
    ...SETTINGS,
    seed,
    warmup,
    maximumLength,
    optimizer: recipes[optimizer],
    batch,
    accumulate,
    clipNorm,
    epochs: { original, shifted },
  };
}

/** Puts the reference's heads in the place of the run's own. */
export function setHeads({ state: { parameters, plan } }: PreparedRun): void {
  for (const phase of PHASES) {
    const { weight, bias } = reference.heads[phase];
    viewOf(parameters.floats, plan.layout, `head.${phase}.weight`).set(weight.flat());
    viewOf(parameters.floats, plan.layout, `head.${phase}.bias`).set(bias);
  }
}

/** Runs the protocol in `outputFolder` with nobody watching. */
export function protocol(
  run: PreparedRun,
  settings: Settings,
  outputFolder: string,
  options: Partial<RunOptions> = {},
): Promise<RunOutcome> {
  return runProtocol(run, settings, {
    outputFolder,
    checkpointEvery: 0,
    signal: new AbortController().signal,
    onPhase: () => undefined,
    onStep: () => undefined,
    saveBefore: () => Promise.resolve(),
    ...options,
  });
}

/** A digest of all weights, encoder and heads. */
export function weightsOf({ state }: PreparedRun): string {
  return digestOf(state.parameters.floats);
}

/** An empty folder that is gone after the test. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'layerwise-finetune-'));
  onTestFinished(() => {
    rmSync(folder, { recursive: true, force: true });
  });
  return folder;
}

/** Losses of a phase, as its steps saw them. */
export function lossesOf(outcome: RunOutcome, phase: Phase): number[] {
  if (outcome.kind === 'stopped') return [];
  const { history } = outcome;
  return history.loss.filter((_, row) => PHASES[history.phase[row] ?? -1] === phase);
}

export function largestDifference(found: ArrayLike<number>, expected: readonly number[]): number {
  expect(found.length).toBe(expected.length);
  return Math.max(...expected.map((value, place) => Math.abs((found[place] ?? Number.NaN) - value)));
}
