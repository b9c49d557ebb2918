/**
 * A task's labels: which are missing, which are one class, their order, and whether they are classes at all.
 */
import { shown } from '../formats/rows.js';

/** What pandas reads as a missing value where nobody says otherwise (`na_values` of its `read_csv`). */
const MISSING = new Set([
  ...['', 'NA', 'N/A', 'n/a', '<NA>', '#NA', '#N/A', '#N/A N/A', 'NULL', 'null', 'None'],
  ...['NaN', 'nan', '-NaN', '-nan', '1.#IND', '-1.#IND', '1.#QNAN', '-1.#QNAN'],
]);

/** Whether a label is a word for a missing one. No class is infinite either. */
export function isMissing(label: string): boolean {
  const word = label.trim();
  return MISSING.has(word) || /^[+-]?inf(inity)?$/i.test(word);
}

/** The classes of a task, in their order. */
export interface Classes {
  readonly names: readonly string[];
  /** The number of a label's class; undefined where it is none of them. */
  readonly find: (label: string) => number | undefined;
}

/**
 * The classes that labels make. Where all are whole numbers, 1 and 1.0 are one class: pandas writes a column
 * of integers as floats as soon as one is missing.
 */
export function classesOf(labels: Iterable<string>, asWritten: boolean): Classes {
  const distinct = [...new Set(labels)];
  const areNumbers = !asWritten && distinct.every((label) => WHOLE.test(wholeNumber(label)));
  const nameOf = areNumbers ? wholeNumber : (label: string): string => label;
  const names = sortLabels(distinct.map(nameOf));
  const position = new Map(names.map((name, i) => [name, i]));
  return { names, find: (label) => position.get(nameOf(label)) };
}

const WHOLE = /^[+-]?[0-9]+$/;
const NUMBER = /^[+-]?([0-9]+\.?[0-9]*|\.[0-9]+)(e[+-]?[0-9]+)?$/i;

/** A number with a point or an exponent as an integer where it is one; any other label as it is. */
export function wholeNumber(label: string): string {
  if (WHOLE.test(label) || !NUMBER.test(label)) return label;
  const value = Number(label);
  return Number.isInteger(value) ? BigInt(value).toString() : label;
}

/** Labels that a person cannot tell apart, each list of them once. */
export function lookAlikes(labels: readonly string[]): string[][] {
  const alike = new Map<string, string[]>();
  for (const label of labels) {
    const visible = label.replaceAll(/[\s\u0085\u200b\u2060]/g, '');
    alike.set(visible, [...(alike.get(visible) ?? []), label]);
  }
  return [...alike.values()].filter(({ length }) => length > 1);
}

/** A sentence where some labels of a source differ in white space alone; none where all can be told apart. */
export function lookAlikesInWords(source: string, labels: readonly string[]): string[] {
  const groups = lookAlikes(labels).map((group) => group.map(shown).join(' and '));
  if (groups.length === 0) return [];
  const few = groups.slice(0, 5).join('; ');
  const more = groups.length > 5 ? ` and ${groups.length - 5} more` : '';
  return [
    `${source} has labels that differ in white space alone (${few}${more}), and each is a class of its own; correct them where they are one`,
  ];
}

/**
 * Labels in the order in which a task stores them: by value if all are integers, otherwise by code point, as
 * Python's `sorted` has it for strings (JavaScript's own order is by UTF-16 unit, which differs beyond
 * U+FFFF).
 */
export function sortLabels(labels: Iterable<string>): string[] {
  const distinct = [...new Set(labels)];
  if (!distinct.every((label) => /^-?[0-9]+$/.test(label))) return distinct.sort(byCodePoint);
  return distinct.sort((a, b) => {
    const [x, y] = [BigInt(a), BigInt(b)];
    return x < y ? -1 : x > y ? 1 : byCodePoint(a, b);
  });
}

/** True where labels are measurements: all of them numbers and some of them not whole. */
export function areScores(labels: readonly string[]): boolean {
  const numbers = labels.every((label) => NUMBER.test(label));
  return numbers && labels.some((label) => !Number.isInteger(Number(label)));
}

/** UTF-8 sorts byte by byte as its code points do. */
function byCodePoint(a: string, b: string): number {
  return Buffer.compare(Buffer.from(a), Buffer.from(b));
}
