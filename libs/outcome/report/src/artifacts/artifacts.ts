/**
 * Everything that a report is made of, read: the rows of all tables of a kind, in the order of their folders.
 * What is not there is an empty list; each section says what it lacks. Neighbours: `find-artifacts.ts` (which
 * files).
 */
import { join } from 'node:path';
import {
  accuracyMatrixTable,
  comparisonsTable,
  driftTable,
  evaluationTable,
  flipsTable,
  historyTable,
  ownManifest,
  projectionTable,
  readAnyTable,
  ranksFile,
  readJsonFile,
  readRows,
  resultsTable,
  shiftSummaryTable,
  studyFile,
  studyTable,
  summaryTable,
  trialsTable,
  type ColumnDeclaration,
  type Manifest,
  type Metadata,
  type RanksFile,
  type RowOf,
  type StudyFile,
  type TableSchema,
} from '@layerwise/artifacts';
import { readCombination, type Distribution } from '@layerwise/combination';
import { InputError } from '@layerwise/errors';
import { findArtifacts, type ArtifactFolder } from './find-artifacts.js';
import { majorityShares, type MajorityShare } from '../results/majority.js';

export type EvaluationRow = RowOf<typeof evaluationTable>;
export type SummaryRow = RowOf<typeof summaryTable>;
export type ComparisonRow = RowOf<typeof comparisonsTable>;
export type DriftRow = RowOf<typeof driftTable>;
export type FlipRow = RowOf<typeof flipsTable>;
export type MatrixRow = RowOf<typeof accuracyMatrixTable>;
export type ResultsRow = RowOf<typeof resultsTable>;
export type HistoryRow = RowOf<typeof historyTable>;

/** A fine-tuning run: of a pair, or of a longer sequence. */
export interface Run {
  readonly label: string;
  /** The pair or the sequence: tasks joined by →. */
  readonly pair: string;
  /** Null where there is none of a pair beside the history. */
  readonly result: ResultsRow | null;
  /** Null where there is no history beside the result. */
  readonly history: readonly HistoryRow[] | null;
  /** Of the evaluation that it is a run of, or of the sequence; null where neither tells them. */
  readonly of: Pick<EvaluationRow, 'method' | 'seed'> | null;
}

export interface Search {
  readonly label: string;
  readonly pair: string;
  readonly trials: readonly RowOf<typeof trialsTable>[];
  /** Of its study.json; null where there is none. */
  readonly outcome: StudyFile | null;
}

/** A table that stands for itself. */
export interface Labelled<S, K extends string> {
  readonly label: string;
  readonly metadata: Metadata<K>;
  readonly rows: readonly RowOf<S>[];
}

type KeysOf<S> = S extends TableSchema<readonly ColumnDeclaration[], infer K> ? K : never;
type Standing<S> = Labelled<S, KeysOf<S>>;

export interface Artifacts {
  readonly evaluation: readonly EvaluationRow[];
  readonly summary: readonly SummaryRow[];
  readonly comparisons: readonly ComparisonRow[];
  readonly drift: readonly DriftRow[];
  readonly flips: readonly FlipRow[];
  readonly matrix: readonly MatrixRow[];
  readonly rankings: RanksFile;
  readonly runs: readonly Run[];
  /** One a pair whose runs tell it. */
  readonly majorities: readonly MajorityShare[];
  readonly searches: readonly Search[];
  readonly distributions: readonly { readonly label: string; readonly distribution: Distribution }[];
  readonly projections: readonly Standing<typeof projectionTable>[];
  readonly shiftSummaries: readonly Standing<typeof shiftSummaryTable>[];
  readonly studies: readonly Standing<typeof studyTable>[];
  readonly manifests: readonly {
    readonly folder: string;
    readonly label: string;
    readonly manifest: Manifest;
  }[];
}

/**
 * Reads what lies below `roots`.
 * @throws InputError where a root is no folder, a file is damaged or of another version, or two evaluations
 * hold the same run
 */
export async function readArtifacts(roots: readonly string[]): Promise<Artifacts> {
  const folders = await findArtifacts(roots);
  const evaluations = await tablesIn(folders, 'evaluation.arrow', evaluationTable);
  const evaluation = evaluations.flatMap(({ rows }) => rows);
  refuseTwice(evaluation);
  const runOf = new Map(
    evaluations.flatMap(({ folder, rows }) => rows.map((row) => [join(folder, row.folder), row] as const)),
  );
  return {
    evaluation,
    summary: await rowsIn(folders, 'method-summary.arrow', summaryTable),
    comparisons: await rowsIn(folders, 'comparisons.arrow', comparisonsTable),
    drift: await rowsIn(folders, 'drift.arrow', driftTable),
    flips: await rowsIn(folders, 'flips.arrow', flipsTable),
    matrix: await rowsIn(folders, 'accuracy-matrix.arrow', accuracyMatrixTable),
    rankings: await rankingsIn(folders),
    runs: await runsIn(folders, runOf),
    majorities: await majorityShares(
      folders,
      new Map([...runOf].map(([folder, { pair }]) => [folder, pair])),
    ),
    searches: await searchesIn(folders),
    distributions: await distributionsIn(folders),
    projections: await tablesIn(folders, 'projection.arrow', projectionTable),
    shiftSummaries: await tablesIn(folders, 'shift-summary.arrow', shiftSummaryTable),
    studies: await tablesIn(folders, 'study.arrow', studyTable),
    manifests: await manifestsIn(folders),
  };
}

type Folders = readonly ArtifactFolder[];

/** The tables of that file name; a file of that name that holds another table is somebody else's. */
async function tablesIn<C extends readonly ColumnDeclaration[], K extends string>(
  folders: Folders,
  file: string,
  schema: TableSchema<C, K>,
): Promise<(Labelled<TableSchema<C, K>, K> & { readonly folder: string })[]> {
  const tables = [];
  for (const { folder, label, files } of folders) {
    const path = join(folder, file);
    if (files.includes(file) && (await readAnyTable(path, 0)).schema?.name === schema.name)
      tables.push({ folder, label, ...(await readRows(path, schema)) });
  }
  return tables;
}

async function rowsIn<C extends readonly ColumnDeclaration[], K extends string>(
  folders: Folders,
  file: string,
  schema: TableSchema<C, K>,
): Promise<readonly RowOf<TableSchema<C, K>>[]> {
  return (await tablesIn(folders, file, schema)).flatMap(({ rows }) => rows);
}

async function runsIn(folders: Folders, runOf: ReadonlyMap<string, EvaluationRow>): Promise<Run[]> {
  const [histories, results, matrices] = [
    byFolder(await tablesIn(folders, 'history.arrow', historyTable)),
    byFolder(await tablesIn(folders, 'results.arrow', resultsTable)),
    byFolder(await tablesIn(folders, 'accuracy-matrix.arrow', accuracyMatrixTable)),
  ];
  return folders.flatMap(({ folder, label }) => {
    const history = histories.get(folder) ?? null;
    const [result = null] = results.get(folder) ?? [];
    if (history === null && result === null) return [];
    const evaluated = runOf.get(folder);
    const [sequence] = matrices.get(folder) ?? [];
    const pair =
      evaluated?.pair ?? (result === null ? sequence?.sequence : `${result.original} → ${result.shifted}`);
    return [{ label, pair: pair ?? label, result, history, of: evaluated ?? sequence ?? null }];
  });
}

function byFolder<Row>(
  tables: readonly { readonly folder: string; readonly rows: readonly Row[] }[],
): ReadonlyMap<string, readonly Row[]> {
  return new Map(tables.map(({ folder, rows }) => [folder, rows]));
}

async function searchesIn(folders: Folders): Promise<Search[]> {
  const searches = [];
  for (const { folder, label, metadata, rows } of await tablesIn(folders, 'trials.arrow', trialsTable)) {
    const study = folders.some((one) => one.folder === folder && one.files.includes('study.json'));
    const file = join(folder, 'study.json');
    searches.push({
      label,
      pair: metadata.pair === '' ? label : metadata.pair,
      trials: rows,
      outcome: study ? await readJsonFile(studyFile, file) : null,
    });
  }
  return searches;
}

async function rankingsIn(folders: Folders): Promise<RanksFile> {
  const files = folders
    .filter((one) => one.files.includes('ranks.json'))
    .map(({ folder }) => join(folder, 'ranks.json'));
  return (await Promise.all(files.map((file) => readJsonFile(ranksFile, file)))).flat();
}

async function distributionsIn(folders: Folders): Promise<Artifacts['distributions']> {
  const found = folders.filter(({ files }) => files.includes('combination.json'));
  return Promise.all(
    found.map(async ({ folder, label }) => ({
      label,
      distribution: await readCombination(join(folder, 'combination.json')),
    })),
  );
}

async function manifestsIn(folders: Folders): Promise<Artifacts['manifests']> {
  const found = [];
  for (const { folder, label } of folders) {
    const manifest = await ownManifest(folder);
    if (manifest !== null) found.push({ folder, label, manifest });
  }
  return found;
}

function refuseTwice(rows: readonly EvaluationRow[]): void {
  const seen = new Set<string>();
  for (const { method, pair, seed } of rows) {
    const run = `${method} on ${pair} with seed ${seed}`;
    if (seen.has(run))
      throw new InputError(`Two of the evaluations hold ${run}; give one of them with --from.`);
    seen.add(run);
  }
}
