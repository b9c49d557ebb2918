/**
 * Files with a comma or a tab between fields by RFC 4180: quoted fields may hold separators, line breaks and
 * doubled quotes; the first record is the header. csv-parse splits bytes taken as Latin-1 (all of CSV's own
 * characters are ASCII), and each field is then decoded strictly, so that invalid UTF-8 is found in the row
 * where it stands. https://www.rfc-editor.org/rfc/rfc4180
 */
import { counted, InputError } from '@layerwise/errors';
import { CsvError } from 'csv-parse';
import { parse } from 'csv-parse/sync';
import { decodeUtf8, readBytes } from './files.js';
import { checkFirstLine } from './first-line.js';
import type { RowReader, Selection } from './rows.js';

export const readCsv = (file: string, into: RowReader): number => readQuoted(file, into, ',');

/** As pandas' `to_csv(sep='\t')` and Excel write it. */
export const readQuotedTsv = (file: string, into: RowReader): number => readQuoted(file, into, '\t');

function readQuoted(file: string, into: RowReader, separator: ',' | '\t'): number {
  const bytes = readBytes(file);
  const newline = bytes.indexOf('\n');
  checkFirstLine(
    file,
    bytes.toString('utf8', 0, newline < 0 ? Math.min(bytes.length, 1 << 20) : newline),
    separator,
  );
  let selection: Selection | null | undefined;
  let width = 0;
  let rows = 0;
  let texts: (string | null)[] = [];
  let line = 1; // where the next record starts
  let empty = 0; // empty lines seen: rows only if something follows

  const onRecord = (fields: string[]): void => {
    const at = line;
    line += 1;
    for (const field of fields) line += newlinesIn(field);
    if (selection === null) return;
    if (fields.length === 1 && fields[0] === '') {
      empty++;
      return;
    }
    for (; empty > 0; empty--) readRecord([''], at - empty);
    readRecord(fields, at);
  };

  const readRecord = (fields: string[], at: number): void => {
    const decoded = decodeFields(fields);
    if (selection === undefined && decoded !== null) {
      selection = into.select(decoded);
      width = decoded.length;
      texts = new Array<string | null>(selection?.texts.length ?? 0).fill(null);
      if (selection?.headerless !== true) return;
    }
    if (selection === undefined)
      throw new InputError(`${file}:${at}: the header is not valid UTF-8; save the file as UTF-8`);
    if (selection === null) return;
    const index = rows++;
    if (decoded === null) {
      into.reject(at, 'is not valid UTF-8');
      return;
    }
    if (decoded.length !== width) {
      into.reject(
        at,
        `has ${counted(decoded.length, 'field')} separated by ${separator === ',' ? 'commas' : 'tabs'} where ${width} were expected`,
      );
      return;
    }
    for (let i = 0; i < texts.length; i++) texts[i] = decoded[selection.texts[i]!] ?? null;
    into.row(at, index, texts, decoded[selection.label] ?? null);
  };

  try {
    parse(bytes, {
      encoding: 'latin1',
      delimiter: separator,
      record_delimiter: ['\r\n', '\n'],
      relax_column_count: true,
      on_record: (fields: string[]) => {
        onRecord(fields);
        return null; // nothing is kept by the parser
      },
    });
  } catch (error) {
    if (!(error instanceof CsvError)) throw error;
    throw new InputError(
      `${file}:${line}: ${quotingProblem(error)} in the row that begins here; quote fields as RFC 4180 says, with "" for a quote inside (a file without quoting is TSV, --format tsv)`,
    );
  }
  return rows;
}

function quotingProblem(error: CsvError): string {
  if (error.code === 'CSV_QUOTE_NOT_CLOSED') return 'a quote is opened and never closed';
  if (error.code === 'INVALID_OPENING_QUOTE') return 'a quote stands inside an unquoted field';
  if (error.code === 'CSV_INVALID_CLOSING_QUOTE') return 'text follows a closing quote';
  return error.message;
}

/** Fields from Latin-1 to what their bytes say as UTF-8; null if one of them is not valid. */
function decodeFields(fields: string[]): string[] | null {
  for (let i = 0; i < fields.length; i++) {
    const field = fields[i] ?? '';
    if (!/[\x80-\xff]/.test(field)) continue;
    const decoded = decodeUtf8(Buffer.from(field, 'latin1'));
    if (decoded === null) return null;
    fields[i] = decoded;
  }
  return fields;
}

function newlinesIn(text: string): number {
  let count = 0;
  for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) count++;
  return count;
}
