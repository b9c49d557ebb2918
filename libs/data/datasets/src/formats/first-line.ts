/** What the beginning of a text file shows it to be, where that is not what its reader takes it for. */
import { InputError } from '@layerwise/errors';
import { shown } from './rows.js';

const SEPARATORS = [
  [',', 'comma'],
  ['\t', 'tab'],
  [';', 'semicolon'],
  ['|', 'vertical bar'],
] as const;

/** First bytes of kinds of files that get the name of a text file. */
const KINDS = [
  ['\x1f\x8b', 'is compressed by gzip; unpack it'],
  ['PK\x03\x04', 'is a zip archive or a spreadsheet (XLSX); save it as a text file'],
  ['\x28\xb5\x2f\xfd', 'is compressed by zstd; unpack it'],
  ['PAR1', 'is a Parquet file; name it so, or read it with --format parquet'],
  ['ARROW1', 'is an Arrow file; give a folder with train.arrow and dev.arrow, or save it as Parquet'],
] as const;

/** @throws InputError where a file that should be text begins as another kind does */
export function refuseOtherKinds(file: string, bytes: Buffer): void {
  const begin = bytes.toString('latin1', 0, 8);
  const kind = KINDS.find(([first]) => begin.startsWith(first));
  if (kind !== undefined) throw new InputError(`${file} ${kind[1]}`);
}

/** @throws InputError where the first line of a file shows other line ends, separators or another encoding */
export function checkFirstLine(file: string, line: string, separator: ',' | '\t'): void {
  refuseLoneReturns(file, line);
  if (line.includes('\0'))
    throw new InputError(`${file}:1: holds zero bytes, as UTF-16 does; save it as UTF-8`);
  if (line.includes(separator)) return;
  const counts = SEPARATORS.map(([sign, name]) => ({ sign, name, count: line.split(sign).length - 1 }));
  const most = counts.reduce((best, one) => (one.count > best.count ? one : best));
  if (most.count === 0) return;
  const own = counts.find(({ sign }) => sign === separator)!.name;
  const format = most.sign === ',' ? 'csv' : 'tsv';
  const remedy = most.sign === ',' || most.sign === '\t' ? `, or read it with --format ${format}` : '';
  throw new InputError(
    `${file}:1: the header ${shown(line)} has no ${own} but a ${most.name} between its names; save the file with a ${own} there${remedy}`,
  );
}

/** @throws InputError where a line holds a carriage return before its end */
export function refuseLoneReturns(file: string, line: string): void {
  if (/\r./s.test(line))
    throw new InputError(
      `${file} ends its lines with a carriage return (CR) alone; save it with line feeds (LF) at their ends`,
    );
}
