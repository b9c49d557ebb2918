/**
 * One split: the rows of its files, judged and kept as columns. This is where a row is found bad (`rows.ts`
 * says how rows arrive): a missing or empty text, a label that is missing or not the task's. A bad row is an
 * `InputError` with file and line, or is left out and counted.
 */
import { counted, InputError } from '@layerwise/errors';
import type { Columns } from './columns.js';
import { selectColumns } from './columns.js';
import type { Format } from '../formats/formats.js';
import type { RowReader, Selection } from '../formats/rows.js';
import { shown } from '../formats/rows.js';
import { classesOf, isMissing, wholeNumber, type Classes } from './labels.js';

/** Rows of one file that were left out because they are bad. */
export interface SkippedRows {
  readonly file: string;
  readonly count: number;
  /** The first few, each with its line. */
  readonly firstReasons: readonly string[];
}

/** A sentence for each file of which rows were left out. */
export function leftOutInWords(skipped: readonly SkippedRows[]): string[] {
  return skipped.map(
    ({ file, count, firstReasons }) =>
      `${file}: ${counted(count, 'bad row')} left out, the first: ${firstReasons.join('; ')}`,
  );
}

export interface SplitRows {
  /** Number in the source from 0, bad rows counted. */
  readonly index: number[];
  readonly text: string[];
  /** Empty where the task has single sentences. */
  readonly pair: string[];
  /** Numbers of classes; in train, of `SplitResult.labels`. */
  readonly label: number[];
}

export interface SplitRequest {
  /** Train defines the classes; dev must share them; a test split without labels is left out. */
  readonly role: 'train' | 'dev' | 'test';
  readonly files: readonly string[];
  readonly format: Format;
  /** The columns, given the first file's header: chosen for train, and train's for the others. */
  readonly columnsOf: (file: string, first: readonly string[]) => Columns;
  /** Null for train, whose labels make them. */
  readonly classes: Classes | null;
  readonly labelsAsWritten: boolean;
  readonly skipBadRows: boolean;
  /** Characters. */
  readonly longestText: number;
  /** How often its own size a compressed file may become. */
  readonly expansion: number;
}

export interface SplitResult {
  /** Null: a test split without labels. */
  readonly rows: SplitRows | null;
  readonly columns: Columns | null;
  /** Train's, as they are written, in order of first appearance. */
  readonly labels: readonly string[];
  readonly skipped: readonly SkippedRows[];
  /** Of its files, a sentence each. */
  readonly notes: readonly string[];
}

const REASONS_KEPT = 5;

/** Reads the files of one split, in order. Throws `InputError`. */
export async function readSplit(request: SplitRequest): Promise<SplitResult> {
  const { role, format, classes, labelsAsWritten, longestText } = request;
  const codes = new Map<string, number>();
  const rows: SplitRows = { index: [], text: [], pair: [], label: [] };
  const notes: string[] = [];
  const badRowsOfFiles: BadRows[] = [];
  const unlabelled: { bad: BadRows; at: number }[] = []; // in test, which may have no labels at all
  const selections: (Selection | null)[] = []; // of each file
  let columns: Columns | null = null;
  let base = 0; // rows in the files before this one

  for (const [number, file] of request.files.entries()) {
    const bad = badRows(file, format.counts, request.skipBadRows);
    badRowsOfFiles.push(bad);
    let hasPair = false;
    let allowed = classes;
    let declared: readonly string[] = [];

    const reader: RowReader = {
      select(first) {
        columns ??= request.columnsOf(file, first);
        hasPair = columns.pair !== undefined;
        if (classes === null && columns.labels !== undefined)
          allowed = classesOf(columns.labels, labelsAsWritten);
        const selection = selectColumns(file, first, columns, role !== 'test');
        selections.push(selection);
        return selection;
      },
      declareClasses(names) {
        declared = names;
      },
      note: (sentence) => void notes.push(sentence),
      reject: bad.reject,
      row(at, index, texts, label) {
        const [text = null, second = null] = texts;
        const longest = texts.reduce((most, one) => Math.max(most, one?.length ?? 0), 0);
        const isWord = !labelsAsWritten && label !== null && isMissing(label) && !declared.includes(label);
        const lead = texts[hasPair ? 2 : 1];
        if (isBlank(text)) bad.reject(at, 'has no text');
        else if (hasPair && isBlank(second)) bad.reject(at, 'has no second text');
        else if (lead !== undefined && isBlank(lead)) bad.reject(at, 'has no word in front of its text');
        else if (longest > longestText)
          bad.reject(
            at,
            `has a text of ${longest.toLocaleString('en')} characters, where ${longestText.toLocaleString('en')} are the most (--longest-text)`,
          );
        else if (role === 'test' && (isWord || isUnlabelled(label, classes))) unlabelled.push({ bad, at });
        else if (isBlank(label)) bad.reject(at, 'has no label');
        else if (isWord)
          bad.reject(
            at,
            `has the label ${shown(label)}, which stands for a missing one (with --labels-as-written it is a class)`,
          );
        else if (allowed?.find(label) === undefined && allowed !== null)
          bad.reject(at, `has the label ${shown(label)} where ${oneOf(allowed.names)} was expected`);
        else {
          if (!codes.has(label)) codes.set(label, classes?.find(label) ?? codes.size);
          rows.index.push(base + index);
          rows.text.push(lead === undefined ? text : `${lead} : ${text}`);
          if (hasPair) rows.pair.push(second ?? '');
          rows.label.push(codes.get(label)!);
        }
      },
    };
    base += await format.read(file, reader, request.expansion);
    if (selections.length === number)
      throw new InputError(`${file} is empty; give a file with a row for each text`);
  }

  if (role === 'test' && rows.index.length === 0) {
    if (unlabelled.length > 0 || selections.includes(null))
      return { rows: null, columns, labels: [], skipped: [], notes: [] };
  }
  for (const { bad, at } of unlabelled) bad.reject(at, 'has no label, where others have one');
  const skipped = badRowsOfFiles.flatMap((bad) => bad.skipped());
  if (rows.index.length === 0) {
    const none = skipped.length > 0 ? 'no row that is not bad' : 'no rows';
    throw new InputError(`${request.files.join(', ')} has ${none}; give a file with a row for each text`);
  }
  return { rows, columns, labels: [...codes.keys()], skipped, notes };
}

/** Of no use as a text or a label: there is nothing in it to read. */
function isBlank(text: string | null): text is null {
  return text === null || !/\S/.test(text);
}

function isUnlabelled(label: string | null, classes: Classes | null): boolean {
  if (isBlank(label)) return true;
  return wholeNumber(label) === '-1' && classes?.find(label) === undefined; // -1: Hugging Face's mark
}

interface BadRows {
  readonly reject: RowReader['reject'];
  readonly skipped: () => readonly SkippedRows[];
}

/** What to do with the bad rows of a file: the first one ends the reading, or all are counted. */
function badRows(file: string, counts: Format['counts'], skip: boolean): BadRows {
  let count = 0;
  const firstReasons: string[] = [];
  return {
    reject(at, reason) {
      const place = counts === 'lines' ? `${file}:${at}:` : `${file}, row ${at}:`;
      if (!skip)
        throw new InputError(
          `${place} the row ${reason}; correct it, or leave out bad rows with --skip-bad-rows`,
        );
      count++;
      if (firstReasons.length < REASONS_KEPT)
        firstReasons.push(`${counts === 'lines' ? 'line' : 'row'} ${at} ${reason}`);
    },
    skipped: () => (count === 0 ? [] : [{ file, count, firstReasons }]),
  };
}

function oneOf(labels: readonly string[]): string {
  const few = labels.slice(0, 8).map(shown);
  if (labels.length > few.length) return `one of ${few.join(', ')} and ${labels.length - few.length} more`;
  return few.join(' or ');
}
