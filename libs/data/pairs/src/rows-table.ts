/** Where each row of a pair comes from, and how long it is: the table `rows.arrow` of `pair-folder.ts`. */
import { column, defineTable, type ColumnsOf, type Table, type Task } from '@layerwise/artifacts';
import { InputError } from '@layerwise/errors';
import {
  PAIR_SPLITS,
  PARTS,
  perPart,
  perSplit,
  type Pair,
  type PairRows,
  type PerPart,
  type PerSplit,
} from './pair.js';

/** Units of a row's length: words (`words.ts`), or an encoder's word pieces. */
export const LENGTH_UNITS = ['words', 'pieces'] as const;
export type LengthUnit = (typeof LENGTH_UNITS)[number];

/** How long each row of each part is. */
export interface RowLengths {
  readonly unit: LengthUnit;
  readonly of: PerPart<PerSplit<Int32Array>>;
}

export const rowsTable = defineTable({
  name: 'pair-rows',
  version: 1,
  description:
    'Where each row of a pair comes from: original train and dev, then shifted train and dev, each in its order',
  columns: [
    column('part', 'utf8', 'original or shifted'),
    column('split', 'utf8', 'train or dev'),
    column('row', 'int32', 'its position in that split of the source task, from 0'),
    column('index', 'int32', "the row's number in the task's own source"),
    column('length', 'int32', 'of text and pair together, in the unit of the metadata'),
  ],
  // The last four are `sources` of a pair: digests of the texts that the parts were taken from.
  metadataKeys: ['kind', 'lengthUnit', 'originalTrain', 'originalDev', 'shiftedTrain', 'shiftedDev'],
});

type RowColumns = ColumnsOf<(typeof rowsTable)['columns']>;
type RowsTable = Table<(typeof rowsTable)['columns']>;

/** The splits of both parts in the order of the table, each with its place in it. */
function blocksOf(tasks: PerPart<Task>) {
  let end = 0;
  return PARTS.flatMap((part) =>
    PAIR_SPLITS.map((split) => {
      const start = end;
      end += tasks[part][split].label.length;
      return { part, split, start, end };
    }),
  );
}

/** The columns of `rows.arrow`. */
export function rowColumns(pair: Pair, lengths: PerPart<PerSplit<Int32Array>>): RowColumns {
  const blocks = blocksOf(pair);
  const rows = blocks.at(-1)?.end ?? 0;
  const part = new Array<string>(rows);
  const split = new Array<string>(rows);
  const [row, index, length] = [new Int32Array(rows), new Int32Array(rows), new Int32Array(rows)];
  for (const block of blocks) {
    part.fill(block.part, block.start, block.end);
    split.fill(block.split, block.start, block.end);
    row.set(pair.rows[block.part][block.split], block.start);
    index.set(pair[block.part][block.split].index, block.start);
    length.set(lengths[block.part][block.split], block.start);
  }
  return { part, split, row, index, length };
}

/** The row numbers of both parts. @throws InputError where the table is not of these tasks */
export function rowsFrom(table: RowsTable, tasks: PerPart<Task>, file: string): PerPart<PairRows> {
  const [part, split] = [table.column('part'), table.column('split')];
  const [row, index] = [table.column('row'), table.column('index')];
  const blocks = blocksOf(tasks);
  const rows = blocks.at(-1)?.end ?? 0;
  if (rows !== table.rows)
    throw new InputError(
      `${file} tells of ${table.rows} rows, but the tasks beside it have ${rows}; make the pair again`,
    );
  for (const block of blocks) {
    const own = tasks[block.part][block.split].index;
    let before = -1;
    for (let i = block.start; i < block.end; i++) {
      const position = row[i] ?? -1;
      if (part[i] !== block.part || split[i] !== block.split || index[i] !== own[i - block.start])
        throw new InputError(
          `${file}: row ${i} is not row ${i - block.start} of ${block.part}/${block.split}.arrow beside it; make the pair again`,
        );
      if (position <= before)
        throw new InputError(
          `${file}: row ${i} comes from position ${position} of its source, after position ${before}; positions count from 0 and rise, so make the pair again`,
        );
      before = position;
    }
  }
  return perPart((part) =>
    perSplit((split) => {
      const { start, end } = blocks.find((block) => block.part === part && block.split === split)!;
      return row.subarray(start, end);
    }),
  );
}
