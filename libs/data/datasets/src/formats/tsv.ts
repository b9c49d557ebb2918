/**
 * Tab-separated files as GLUE has them: one row a line, fields between tabs, no quoting (a `"` is a character
 * like any other), the first line a header unless the layout says otherwise.
 */
import { counted, InputError } from '@layerwise/errors';
import { forEachLine } from './files.js';
import type { RowReader, Selection } from './rows.js';

export function readTsv(file: string, into: RowReader): number {
  let selection: Selection | null = null;
  let headerLines = 1;
  let width = 0;
  let rows = 0;
  let texts: (string | null)[] = [];
  const ends: number[] = []; // ends[i] is where field i of the row ends in the text

  const readRow = (
    text: string | null,
    start: number,
    end: number,
    line: number,
    chosen: Selection,
  ): true => {
    const index = line - 1 - headerLines;
    rows = index + 1;
    if (text === null) {
      into.reject(line, 'is not valid UTF-8');
      return true;
    }
    let fields = 0;
    for (let tab = text.indexOf('\t', start); tab >= 0 && tab < end; tab = text.indexOf('\t', tab + 1))
      ends[fields++] = tab;
    ends[fields++] = end;
    if (fields !== width) {
      into.reject(line, `has ${counted(fields, 'tab-separated field')} where ${width} were expected`);
      return true;
    }
    const field = (position: number): string =>
      text.slice(position === 0 ? start : (ends[position - 1] ?? end) + 1, ends[position]);
    for (let i = 0; i < texts.length; i++) texts[i] = field(chosen.texts[i]!);
    into.row(line, index, texts, field(chosen.label));
    return true;
  };

  forEachLine(file, (text, start, end, line) => {
    if (selection !== null) return readRow(text, start, end, line, selection);
    if (text === null)
      throw new InputError(`${file}:${line}: the first line is not valid UTF-8; save the file as UTF-8`);
    const header = text.slice(start, end).split('\t');
    selection = into.select(header);
    if (selection === null) return false;
    width = header.length;
    texts = new Array<string | null>(selection.texts.length).fill(null);
    if (!selection.headerless) return true;
    headerLines = 0;
    return readRow(text, start, end, line, selection);
  });
  return rows;
}
