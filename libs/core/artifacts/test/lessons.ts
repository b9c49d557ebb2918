/** A small table with a column of most types, for tests that spoil its file. */
import { column, defineTable, nullableColumn, type ColumnsOf } from '../src/arrow/schema.js';

export const declaration = {
  name: 'lessons',
  version: 2,
  description: 'short sentences with a number and a list',
  columns: [
    column('id', 'int32', 'number'),
    nullableColumn('text', 'utf8', 'sentence'),
    column('tokens', 'list<int32>', 'ids'),
    column('words', 'list<utf8>', 'words'),
    column('vector', 'fixed_size_list<float32>', 'embedding'),
    column('kept', 'bool', 'whether it stays'),
  ],
} as const;
export const lessons = defineTable(declaration);

export const columns: ColumnsOf<typeof lessons.columns> = {
  id: Int32Array.of(7, 8, 9),
  text: ['the tide is out', null, 'gulls walk — slowly'],
  tokens: { offsets: Int32Array.of(0, 2, 2, 5), values: Int32Array.of(1, 2, 3, 4, 5) },
  words: { offsets: Int32Array.of(0, 1, 3, 3), values: ['tide', 'é', ''] },
  vector: { size: 2, values: Float32Array.of(1, 2, 3, 4, 5, 6) },
  kept: Uint8Array.of(1, 0, 1),
};
