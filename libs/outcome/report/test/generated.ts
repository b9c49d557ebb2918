/**
 * Small artifacts of every kind, as their stages write them, with numbers that are easy to find again: what
 * the tests of the page read. Sentences and figures are made up here.
 */
import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import {
  accuracyMatrixTable,
  comparisonsTable,
  driftTable,
  evaluationTable,
  flipsTable,
  historyTable,
  predictionsTable,
  projectionTable,
  resultsTable,
  shiftSummaryTable,
  studyTable,
  summaryTable,
  trialsTable,
  writeCommandManifest,
  writeRows as writeTableRows,
  writeTable,
  type ColumnDeclaration,
  type Metadata,
  type RowOf,
  type TableSchema,
} from '@layerwise/artifacts';
import { distributionOf, combinationJson } from '@layerwise/combination';
import { groupingToJson, paperGrouping } from '@layerwise/optimizers';
import type { Artifacts } from '../src/artifacts/artifacts.js';

/** What a careless page would run or break at. */
export const HOSTILE = `</script><b>"it's"</b><img src=x onerror="document.title='hit'">`;

export const PAIR = 'river → lake';
export const METHODS = ['flat', 'flat-tuned', 'distribution', 'single'] as const;
const SEEDS = [1, 2];
const GROUPS = ['embeddings', 'layer 0', 'head'];

/** Artifacts of empty folders. */
export const NOTHING: Artifacts = {
  evaluation: [],
  summary: [],
  comparisons: [],
  drift: [],
  flips: [],
  matrix: [],
  rankings: [],
  runs: [],
  majorities: [],
  searches: [],
  distributions: [],
  projections: [],
  shiftSummaries: [],
  studies: [],
  manifests: [],
};

export function temporaryFolder(): string {
  return mkdtempSync(join(tmpdir(), 'layerwise-report-'));
}

export async function writeRows<C extends readonly ColumnDeclaration[], K extends string>(
  file: string,
  schema: TableSchema<C, K>,
  rows: readonly RowOf<TableSchema<C, K>>[],
  metadata: Metadata<K>,
): Promise<void> {
  mkdirSync(dirname(file), { recursive: true });
  await writeTableRows(file, schema, rows, metadata);
}

/** p_o before and after phase 2, and p_s, by method. */
export const ACCURACY: Readonly<Record<string, readonly [number, number, number]>> = {
  flat: [0.9123, 0.7311, 0.8451],
  'flat-tuned': [0.9013, 0.8222, 0.8333],
  distribution: [0.9111, 0.8444, 0.8421],
  single: [0.9171, 0.9171, 0.8613],
};

type Evaluated = RowOf<typeof evaluationTable>;

function evaluated(method: string, seed: number): Evaluated {
  const [before = 0, original = 0, shifted = 0] = (ACCURACY[method] ?? []).map(
    (one) => one + (seed - 1.5) / 100,
  );
  return {
    method,
    pair: PAIR,
    original: 'river',
    shifted: 'lake',
    seed,
    status: 'complete',
    accuracy_original: original,
    accuracy_shifted: shifted,
    reward: original + shifted,
    // Of each task alone there is no accuracy in between.
    ...(method === 'single'
      ? { accuracy_original_before: null, forgetting: null, backward_transfer: null }
      : {
          accuracy_original_before: before,
          forgetting: before - original,
          backward_transfer: original - before,
        }),
    intransigence: null,
    reasons: '{"intransigence":"single was not evaluated"}',
    rates: method === 'flat' ? [2e-5, 2e-5, 2e-5] : [1e-5, 3e-6, 2e-5],
    steps: 40,
    seconds: 1.5,
    folder: `runs/${method}/1/${seed}`,
  };
}

/** A folder as an evaluation leaves it. */
export async function writeEvaluation(folder: string): Promise<void> {
  const runs = METHODS.flatMap((method) => SEEDS.map((seed) => evaluated(method, seed)));
  await writeRows(join(folder, 'evaluation.arrow'), evaluationTable, runs, { encoder: 'tiny' });
  const measures = [
    'accuracy_original_before',
    'accuracy_original',
    'accuracy_shifted',
    'reward',
    'forgetting',
  ] as const;
  const summary = METHODS.flatMap((method) =>
    measures.map((measure) => {
      const own = runs.filter((run) => run.method === method).flatMap((run) => run[measure] ?? []);
      if (own.length === 0)
        return {
          method,
          pair: PAIR,
          measure,
          mean: null,
          low: null,
          high: null,
          seeds: 0,
          reason: 'nothing comes after D_o',
        };
      const mean = own.reduce((sum, one) => sum + one, 0) / own.length;
      return {
        method,
        pair: PAIR,
        measure,
        mean,
        low: mean - 0.0217,
        high: mean + 0.0217,
        seeds: 2,
        reason: null,
      };
    }),
  );
  await writeRows(join(folder, 'method-summary.arrow'), summaryTable, summary, {});
  await writeRows(join(folder, 'comparisons.arrow'), comparisonsTable, comparisonRows, {});
  await writeRows(join(folder, 'drift.arrow'), driftTable, driftRows(), {});
  await writeRows(join(folder, 'flips.arrow'), flipsTable, flipRows, {});
  await writeRows(join(folder, 'accuracy-matrix.arrow'), accuracyMatrixTable, matrixRows, {});
  writeFileSync(join(folder, 'ranks.json'), JSON.stringify(RANKINGS));
  for (const run of runs) await writeRun(join(folder, run.folder), run);
  await writeCommandManifest(folder, 'evaluation', ['evaluation.arrow', 'flips.arrow'], 7, {
    parameters: { methods: [...METHODS], seeds: SEEDS, hostile: HOSTILE, out: 'evaluation' },
    inputs: [{ name: 'encoder', path: 'tiny', digest: 'a'.repeat(64) }],
    times: () => ({ started: new Date(0).toISOString(), durationSeconds: 1 }),
    versions: { 'onnxruntime-node': '1.30.0' },
    fingerprint: 'b'.repeat(64),
  });
}

export const RANKINGS = [
  {
    measure: 'accuracy_original',
    pairs: 8,
    p: 0.0042,
    criticalDifference: 1.6589,
    reason: null,
    ranks: [
      { method: 'distribution', meanRank: 1.375 },
      { method: 'flat', meanRank: 2.625 },
    ],
  },
  {
    measure: 'reward',
    pairs: 2,
    ranks: [],
    p: null,
    criticalDifference: null,
    reason: 'a ranking needs at least 8 pairs, and there are 2',
  },
];

const COMPARED = { pair: PAIR, rows: 100, seeds: 2, reason: null };

export const comparisonRows: readonly RowOf<typeof comparisonsTable>[] = [
  {
    ...COMPARED,
    method: 'distribution',
    against: 'flat',
    measure: 'accuracy_original',
    difference: 0.1133,
    low: 0.0617,
    high: 0.1651,
    mcnemar: 0.0021,
  },
  {
    ...COMPARED,
    method: 'distribution',
    against: 'flat',
    measure: 'accuracy_shifted',
    difference: -0.003,
    low: -0.0212,
    high: 0.0152,
    mcnemar: 0.754,
  },
  {
    ...COMPARED,
    method: 'flat-tuned',
    against: 'distribution',
    measure: 'reward',
    difference: -0.031,
    low: -0.0719,
    high: 0.0099,
    mcnemar: null,
  },
];

function driftRows(): RowOf<typeof driftTable>[] {
  const places = (measure: string, phase: string, names: readonly string[]) =>
    ['flat', 'distribution'].flatMap((method, m) =>
      SEEDS.flatMap((seed) =>
        names.map((place, order) => ({
          method,
          pair: PAIR,
          seed,
          phase,
          measure,
          place,
          order,
          reason: null,
          value: 0.01 * (order + 1) + 0.1 * m + 0.001 * seed,
        })),
      ),
    );
  return [
    ...places('weight-change', 'original', GROUPS),
    ...places('weight-change', 'shifted', GROUPS),
    ...places('cka', 'shifted', ['layer 0', 'layer 1']),
  ];
}

const FLIPPED = { method: 'flat', pair: PAIR, seed: 1, text_pair: null };

export const flipRows: readonly RowOf<typeof flipsTable>[] = [
  { ...FLIPPED, index: 3, text: 'the old river rose', label: 'up', before: 'up', after: 'down' },
  { ...FLIPPED, index: 5, text: HOSTILE, label: 'up', before: 'up', after: 'down' },
  { ...FLIPPED, index: 8, text: 'the lake fell', label: 'down', before: 'up', after: 'down' },
];

const SEQUENCE = { method: 'flat', sequence: 'river → lake → sea' };

const matrixRows: readonly RowOf<typeof accuracyMatrixTable>[] = [1, 2, 3].flatMap((phase) =>
  ['river', 'lake', 'sea'].map((task, i) => ({
    ...SEQUENCE,
    seed: 1,
    phase,
    task,
    order: i + 1,
    accuracy: i + 1 > phase ? null : 0.9 - 0.0613 * (phase - i - 1),
    reason: i + 1 > phase ? 'it has no head before its phase' : null,
  })),
);

async function writeRun(folder: string, run: Evaluated): Promise<void> {
  await writeRows(
    join(folder, 'results.arrow'),
    resultsTable,
    [
      {
        original: 'river',
        shifted: 'lake',
        method: run.method,
        status: 'complete',
        accuracyOriginalBefore: run.accuracy_original_before,
        accuracyShifted: run.accuracy_shifted,
        accuracyOriginal: run.accuracy_original,
        reward: run.reward,
        rates: run.rates,
        trainRowsOriginal: 64,
        trainRowsShifted: 64,
        devRowsOriginal: 100,
        devRowsShifted: 80,
        stepsOriginal: 20,
        stepsShifted: 20,
        secondsOriginal: 1,
        secondsShifted: 1,
        secondsEvaluation: 0.5,
        peakMemoryMb: 200,
        divergedIn: null,
        divergedAtStep: null,
      },
    ],
    { grouping: groupingToJson(paperGrouping(2)) },
  );
  // 55 of 100 rows have the more frequent label.
  const label = Int32Array.from({ length: 100 }, (_, row) => Number(row >= 55));
  await writeTable(
    join(folder, 'predictions-original-before.arrow'),
    predictionsTable,
    {
      index: label.map((_, row) => row),
      label,
      predicted: label,
      logits: { size: 2, values: new Float32Array(200) },
    },
    { task: 'river', labels: '["up","down"]' },
  );
  const history = ['original', 'shifted'].flatMap((phase) =>
    Array.from({ length: 20 }, (_, step) => ({
      phase,
      step,
      loss: 0.7 / (1 + step / 10),
      rates: run.rates,
      tokens: 100,
      seconds: 0.05,
    })),
  );
  await writeRows(join(folder, 'history.arrow'), historyTable, history, {
    grouping: groupingToJson(paperGrouping(2)),
  });
}

/** A search's folder. */
export async function writeSearch(folder: string): Promise<void> {
  const rows = [1.61, 1.58, 1.6723, 1.64].map((reward, trial) => ({
    trial,
    repeat_of: null,
    state: 'complete',
    origin: 'gp',
    bracket: 0,
    values: '[]',
    rates: [1e-5, 2e-5],
    fidelity: 1,
    accuracy_original_before: 0.9,
    accuracy_original: 0.8,
    accuracy_shifted: reward - 0.8,
    reward,
    steps: 40,
    seconds: 2,
    seed: BigInt(trial),
  }));
  await writeRows(join(folder, 'trials.arrow'), trialsTable, rows, {
    space: '{"names":[],"parameters":[]}',
    groups: groupingToJson(paperGrouping(2)),
    pair: PAIR,
  });
  const sample = (mean: number) => ({ trial: 2, rewards: [mean - 0.01, mean + 0.01], mean, missing: 0 });
  writeFileSync(
    join(folder, 'study.json'),
    JSON.stringify({
      done: 'trials',
      report: {
        best: {
          trial: 2,
          reward: 1.6723,
          fidelity: 1,
          rates: [1e-5, 2e-5],
          repeats: { rewards: [1.64, 1.66], mean: 1.6517, low: 1.6211, high: 1.6823 },
        },
        trials: 4,
        states: { complete: 4 },
        steps: { search: 160, repeats: 80 },
      },
      comparison: {
        rows: 'dev',
        search: sample(1.6517),
        control: sample(1.6619),
        difference: -0.0102,
        low: -0.0431,
        high: 0.0227,
      },
    }),
  );
}

/** combination.json of two made-up searches. */
export function writeCombination(folder: string): void {
  const grouping = paperGrouping(2);
  const rated = (number: number, reward: number, scale: number) => ({
    number,
    reward,
    rates: grouping.groups.filter(({ parts }) => parts.length > 0).map((_, i) => scale * (i + 1)),
  });
  const distribution = distributionOf(
    [
      { pair: 'river → lake', file: 'a.arrow', grouping, trials: [rated(0, 1.5, 1e-5), rated(1, 1.6, 2e-6)] },
      { pair: 'lake → sea', file: 'b.arrow', grouping, trials: [rated(0, 1.4, 4e-6), rated(1, 1.2, 2e-5)] },
    ],
    {
      weights: 'rank',
      numbers: { b: 1.8 },
      leaveOneOut: true,
      bootstrap: { resamples: 50, seed: 1, level: 0.9 },
    },
  );
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'combination.json'), JSON.stringify(combinationJson(distribution)));
}

/** As the stage projection leaves it. */
export async function writeProjection(folder: string, rows = 12): Promise<void> {
  const points = Array.from({ length: rows }, (_, i) => ({
    x: Math.cos(i),
    y: Math.sin(i),
    index: i,
    cluster: i % 2,
    label: Number(i % 3 === 0),
    part: null,
    predicted: null,
    text: 'the old river rose',
    pair: null,
  }));
  await writeRows(join(folder, 'projection.arrow'), projectionTable, points, {
    task: 'river',
    split: 'dev',
    labels: '["up","down"]',
    encoder: 'tiny',
    pooling: 'cls',
    projector: 'druid',
    settings: 'perplexity 30',
    seed: '1',
    splitRows: String(rows),
  });
}

/** As the stage shift-summary leaves it, and a study of shifts. */
export async function writeShifts(summary: string, study: string): Promise<void> {
  const split = (name: string, at: number) => ({
    split: name,
    rowsOriginal: 60,
    rowsShifted: 50,
    sampledOfPart: 50,
    medianDistance: 1.5,
    mmdSquared: 0.0123 * at,
    pValue: 0.0051 * at,
    permutations: 199,
    heldOutOriginal: 20,
    heldOutShifted: 20,
    balancedAccuracy: 0.8123,
    balancedAccuracyLow: 0.7411,
    balancedAccuracyHigh: 0.8612,
    proxyADistance: 1.25,
    proxyADistanceLow: 0.96,
    proxyADistanceHigh: 1.45,
  });
  await writeRows(
    join(summary, 'shift-summary.arrow'),
    shiftSummaryTable,
    [split('train', 1), split('dev', 2)],
    {
      kind: 'length',
      original: 'river (shorter)',
      shifted: 'river (longer)',
      encoder: 'tiny',
      pooling: 'cls',
      reading: 'the parts differ\nthis is a shift',
    },
  );
  const figure = (measure: string, accuracy: number) => ({
    task: 'SST-2',
    kind: 'length',
    measure,
    part: 'original',
    seeds: 2,
    accuracy,
    low: accuracy - 0.0111,
    high: accuracy + 0.0111,
    sd: 0.002,
    n: 400,
    majority: 0.51,
    trainRowsOriginal: 100,
    trainRowsShifted: 100,
    epochs: 3,
  });
  await writeRows(
    join(study, 'study.arrow'),
    studyTable,
    [figure('before', 0.8765), figure('after', 0.8642)],
    { level: '0.95', resamples: '2000', seeds: '1,2' },
  );
}

/** One of each kind, below one folder: as `data-cache/PRESET` is. */
export async function writeEverything(folder: string): Promise<string> {
  await writeEvaluation(join(folder, 'evaluation'));
  await writeSearch(join(folder, 'search'));
  writeCombination(join(folder, 'combination'));
  await writeProjection(join(folder, 'projection'));
  await writeShifts(join(folder, 'shift-summary@length'), join(folder, 'shift-study'));
  return folder;
}
