/**
 * A pair (`pair.ts`) as files: what every shift writes, and what `finetune --pair` takes.
 *
 *     original/{train,dev}.arrow   D_o, a task folder
 *     shifted/{train,dev}.arrow    D_s
 *     rows.arrow                   which row of its source each of their rows is, and how long
 *     shift.arrow                  how they differ on the surface (`summary.ts`)
 */
import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import {
  readTable,
  readTaskFolder,
  writeTable,
  writeTaskFolder,
  type OutputDeclaration,
  type StageReport,
} from '@layerwise/artifacts';
import { InputError } from '@layerwise/errors';
import { PAIR_KINDS } from './options.js';
import { PARTS, perSplitOfPart, type Pair, type PerSplit } from './pair.js';
import { reportOf } from './report.js';
import { rowColumns, rowsFrom, rowsTable, type RowLengths } from './rows-table.js';
import { shiftTable, summarise } from './summary.js';
import { wordLengths } from './words.js';

/** What a kind of shift knows beside the pair. */
export interface PairDetails {
  /** Lengths of each part's rows; without them words are counted. */
  readonly lengths?: RowLengths;
  /** Where each split was cut, in that unit: between the longest row of D_o and the shortest of D_s. */
  readonly cut?: PerSplit<number>;
  /** More for the metadata of `shift.arrow`, by name. */
  readonly metadata?: Readonly<Record<string, string>>;
}

/** The outputs of a stage that writes a pair. */
export const PAIR_OUTPUTS: readonly OutputDeclaration[] = [
  { file: 'original/', description: 'D_o: a task folder' },
  { file: 'shifted/', description: 'D_s: a task folder' },
  { file: 'rows.arrow', table: rowsTable, description: 'where each row comes from, and its length' },
  {
    file: 'shift.arrow',
    table: shiftTable,
    description: 'sizes, label balance, lengths and vocabulary of both',
  },
];

/** Writes the files of a pair that `checkParts` found good. Returns sizes, and sentences for people. */
export async function writePairFolder(
  pair: Pair,
  folder: string,
  details: PairDetails = {},
): Promise<Required<StageReport>> {
  const { kind, sources } = pair;
  const lengths = details.lengths ?? { unit: 'words', of: perSplitOfPart(pair, wordLengths) };
  const lengthUnit = lengths.unit;
  const summary = summarise(pair, details.cut);
  for (const part of PARTS) await writeTaskFolder(pair[part], join(folder, part));
  await writeTable(join(folder, 'rows.arrow'), rowsTable, rowColumns(pair, lengths.of), {
    kind,
    lengthUnit,
    originalTrain: sources.original.train,
    originalDev: sources.original.dev,
    shiftedTrain: sources.shifted.train,
    shiftedDev: sources.shifted.dev,
  });
  const metadata = { ...details.metadata, kind, lengthUnit };
  await writeTable(join(folder, 'shift.arrow'), shiftTable, summary, metadata);
  return reportOf(pair, summary, lengths);
}

/** Reads a pair. @throws InputError where `folder` is none, or where its files contradict one another */
export async function readPairFolder(folder: string): Promise<Pair> {
  const file = join(folder, 'rows.arrow');
  if (!(await isFile(file)))
    throw new InputError(
      `${folder} is not the folder of a pair: it has no rows.arrow; make one with dataset-shift, length-shift or cluster-shift`,
    );
  const table = await readTable(file, rowsTable);
  const { metadata } = table;
  const kind = PAIR_KINDS.find((known) => known === metadata.kind);
  if (kind === undefined)
    throw new InputError(
      `${file}: its kind of shift is ${metadata.kind}, which is none of ${PAIR_KINDS.join(', ')}; make the pair again`,
    );
  const tasks = {
    original: await readTaskFolder(join(folder, 'original')),
    shifted: await readTaskFolder(join(folder, 'shifted')),
  };
  return {
    kind,
    ...tasks,
    rows: rowsFrom(table, tasks, file),
    sources: {
      original: { train: metadata.originalTrain, dev: metadata.originalDev },
      shifted: { train: metadata.shiftedTrain, dev: metadata.shiftedDev },
    },
  };
}

async function isFile(path: string): Promise<boolean> {
  try {
    return (await stat(path)).isFile();
  } catch {
    return false;
  }
}
