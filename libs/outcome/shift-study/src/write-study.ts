/**
 * Writes a finished study: its figures and the answers behind them as Arrow, its tables as Markdown, the
 * manifest last.
 */
import { join } from 'node:path';
import {
  removeManifest,
  writeCommandManifest,
  writeFileAtomically,
  writeTable,
  type ColumnsOf,
  type Provenance,
} from '@layerwise/artifacts';
import { studyMarkdown } from './render.js';
import type { Study } from './study.js';
import { answersTable, studyTable } from './tables.js';

const FILES = ['study.arrow', 'answers.arrow', 'study.md'] as const;

/** What only the caller knows. */
export interface StudyProvenance extends Provenance {
  readonly fingerprint: string;
}

/** @throws InputError where the folder cannot be written */
export async function writeStudy(folder: string, study: Study, provenance: StudyProvenance): Promise<void> {
  const { seeds, bootstrap } = study;
  await removeManifest(folder);
  await writeTable(join(folder, 'study.arrow'), studyTable, studyColumns(study), {
    level: String(bootstrap.level),
    resamples: String(bootstrap.resamples),
    seeds: seeds.join(','),
  });
  await writeTable(join(folder, 'answers.arrow'), answersTable, answerColumns(study));
  await writeFileAtomically(join(folder, 'study.md'), studyMarkdown(study));
  const parameters = { ...provenance.parameters, seeds, bootstrap };
  await writeCommandManifest(folder, 'shift-study', FILES, bootstrap.seed, { ...provenance, parameters });
}

function studyColumns({ tasks }: Study): ColumnsOf<typeof studyTable.columns> {
  const rows = tasks.flatMap((task) => task.figures.map((figure) => ({ task, figure })));
  const ints = (of: (row: (typeof rows)[number]) => number): Int32Array => Int32Array.from(rows, of);
  const floats = (of: (row: (typeof rows)[number]) => number): Float64Array => Float64Array.from(rows, of);
  return {
    task: rows.map(({ task }) => task.name),
    kind: rows.map(({ task }) => task.pair.kind),
    measure: rows.map(({ figure }) => figure.measure),
    part: rows.map(({ figure }) => figure.part),
    seeds: ints(({ figure }) => figure.seeds),
    accuracy: floats(({ figure }) => figure.accuracy),
    low: floats(({ figure }) => figure.low),
    high: floats(({ figure }) => figure.high),
    sd: rows.map(({ figure }) => figure.sd),
    n: ints(({ figure }) => figure.rows),
    majority: floats(({ figure }) => figure.majority),
    trainRowsOriginal: ints(({ task }) => task.pair.original.train.label.length),
    trainRowsShifted: ints(({ task }) => task.pair.shifted.train.label.length),
    epochs: ints(({ task }) => task.settings.epochs.original),
  };
}

function answerColumns({ tasks }: Study): ColumnsOf<typeof answersTable.columns> {
  const all = tasks.flatMap(({ name, predictions }) => predictions.map((one) => ({ ...one, task: name })));
  const rows = all.reduce((sum, { index }) => sum + index.length, 0);
  const texts = (of: (one: (typeof all)[number]) => string): string[] =>
    all.flatMap((one) => new Array<string>(one.index.length).fill(of(one)));
  const joined = (of: (one: (typeof all)[number]) => Int32Array): Int32Array => {
    const column = new Int32Array(rows);
    let from = 0;
    for (const one of all) {
      column.set(of(one), from);
      from += one.index.length;
    }
    return column;
  };
  return {
    task: texts(({ task }) => task),
    measure: texts(({ measure }) => measure),
    part: texts(({ part }) => part),
    seed: joined(({ index, seed }) => new Int32Array(index.length).fill(seed)),
    index: joined(({ index }) => index),
    label: joined(({ label }) => label),
    predicted: joined(({ predicted }) => predicted),
  };
}
