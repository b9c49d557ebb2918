/**
 * Tab-separated files as GLUE has them: one row a line, fields between tabs, no quoting (a `"` is a character
 * like any other), the first line a header unless the layout says otherwise.
 */
import { counted, InputError } from '@layerwise/errors';
import { forEachLine } from './files.js';
import { checkFirstLine } from './first-line.js';
import type { RowReader, Selection } from './rows.js';

export function readTsv(file: string, into: RowReader): number {
  let selection: Selection | null = null;
  let headerLines = 1;
  let width = 0;
  let rows = 0;
  let texts: (string | null)[] = [];
  const quotes = { quoted: 0, loose: 0 };
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
      const hint = holdsHalfAQuote(text.slice(start, end))
        ? ' (it holds half of a quote, as where quoted fields hold tabs or line breaks: --format quoted-tsv)'
        : '';
      into.reject(line, `has ${counted(fields, 'tab-separated field')} where ${width} were expected${hint}`);
      return true;
    }
    const field = (position: number): string =>
      text.slice(position === 0 ? start : (ends[position - 1] ?? end) + 1, ends[position]);
    for (let i = 0; i < texts.length; i++) {
      const value = field(chosen.texts[i]!);
      if (value.includes('"')) quotes[isLoose(value) ? 'loose' : 'quoted']++;
      texts[i] = value;
    }
    into.row(line, index, texts, field(chosen.label));
    return true;
  };

  forEachLine(file, (text, start, end, line) => {
    if (selection !== null) return readRow(text, start, end, line, selection);
    if (text === null)
      throw new InputError(`${file}:${line}: the first line is not valid UTF-8; save the file as UTF-8`);
    checkFirstLine(file, text.slice(start, end), '\t');
    const header = text.slice(start, end).split('\t');
    if (header.length > 1 && header.every((name) => /^".*"$/s.test(name)))
      throw new InputError(
        `${file}:1: the names of the header are in quotes; read it with --format quoted-tsv`,
      );
    selection = into.select(header);
    if (selection === null) return false;
    width = header.length;
    texts = new Array<string | null>(selection.texts.length).fill(null);
    if (!selection.headerless) return true;
    headerLines = 0;
    return readRow(text, start, end, line, selection);
  });
  // A writer that quotes does so wherever a quote occurs; GLUE's own files have quotes of all kinds.
  if (quotes.quoted > 0 && quotes.loose === 0)
    into.note(
      `${file}: the quotes around ${counted(quotes.quoted, 'text')}, and the doubled ones inside, are read as characters; if pandas or a spreadsheet wrote them, read it with --format quoted-tsv`,
    );
  return rows;
}

/** Whether quotes stand in a field otherwise than around it, with those inside doubled. */
function isLoose(field: string): boolean {
  if (field.length < 2 || !field.startsWith('"') || !field.endsWith('"')) return true;
  return field.slice(1, -1).replaceAll('""', '').includes('"');
}

/** A field that opens a quote and does not close it, or the other way round. */
function holdsHalfAQuote(line: string): boolean {
  return line.split('\t').some((field) => /^"|"$/.test(field) && field.split('"').length % 2 === 0);
}
