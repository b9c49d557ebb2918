/**
 * JSON Lines: one JSON object a line. The first line's keys are the columns; texts are strings, a label is a
 * string, a number or a boolean. NaN and Infinity, which Python writes, are values that are missing.
 * https://jsonlines.org
 */
import { parsePythonJson } from '@layerwise/artifacts';
import { InputError } from '@layerwise/errors';
import { forEachLine } from './files.js';
import { refuseLoneReturns } from './first-line.js';
import type { RowReader, Selection } from './rows.js';
import { shown } from './rows.js';

export function readJsonl(file: string, into: RowReader): number {
  let selection: Selection | null = null;
  let textKeys: string[] = [];
  let labelKey = '';
  let rows = 0;
  let texts: (string | null)[] = [];

  const open = (object: Record<string, unknown>): Selection | null => {
    const keys = Object.keys(object);
    const chosen = into.select(keys);
    if (chosen === null) return null;
    textKeys = chosen.texts.map((position) => keys[position] ?? '');
    labelKey = keys[chosen.label] ?? '';
    texts = new Array<string | null>(textKeys.length).fill(null);
    return chosen;
  };

  forEachLine(file, (text, start, end, line) => {
    rows = line;
    const object = text === null ? null : parseObject(text.slice(start, end));
    if (object === null) {
      const problem =
        text === null
          ? 'is not valid UTF-8'
          : `is ${shown(text.slice(start, end))} where a JSON object was expected`;
      if (selection === null) {
        const first = text?.slice(start, end) ?? '';
        refuseLoneReturns(file, first);
        if (first.trimStart().startsWith('['))
          throw new InputError(`${file} is a JSON list; write JSON Lines, a line for each object of it`);
        throw new InputError(`${file}:${line}: the first line ${problem}`);
      }
      into.reject(line, problem);
      return true;
    }
    selection ??= open(object);
    if (selection === null) return false;
    for (let i = 0; i < texts.length; i++) {
      const key = textKeys[i] ?? '';
      const value = valueOf(object, key);
      if (value !== null && typeof value !== 'string') return reject(line, key, value);
      if (value !== null && /\p{Surrogate}/u.test(value)) {
        into.reject(line, `has half a character (a lone surrogate) in ${shown(key)}`);
        return true;
      }
      texts[i] = value;
    }
    const label = valueOf(object, labelKey);
    if (label === null) into.row(line, line - 1, texts, null);
    else if (typeof label === 'number' && Number.isInteger(label) && !Number.isSafeInteger(label))
      // JSON.parse rounds it, and two classes might become one.
      into.reject(
        line,
        `has a number of more than 15 digits as ${shown(labelKey)}; write such labels in quotes`,
      );
    else if (typeof label === 'string' || typeof label === 'number' || typeof label === 'boolean')
      into.row(line, line - 1, texts, String(label));
    else return reject(line, labelKey, label);
    return true;
  });
  return rows;

  function reject(line: number, key: string, value: unknown): true {
    const kind = Array.isArray(value)
      ? 'a list'
      : typeof value === 'object'
        ? 'an object'
        : `a ${typeof value}`;
    into.reject(
      line,
      `has ${kind} as ${shown(key)} where a ${key === labelKey ? 'label' : 'string'} was expected`,
    );
    return true;
  }
}

/** Null where there is nothing, or a number that is none. */
function valueOf(object: Record<string, unknown>, key: string): unknown {
  const value = Object.hasOwn(object, key) ? object[key] : null;
  return typeof value === 'number' && !Number.isFinite(value) ? null : value;
}

function parseObject(source: string): Record<string, unknown> | null {
  const value = parsed(source, JSON.parse) ?? parsed(source, parsePythonJson);
  return isRecord(value) ? value : null;
}

function parsed(source: string, parse: (text: string) => unknown): unknown {
  try {
    return parse(source);
  } catch {
    return null; // whatever the parser says, the line is not a JSON object
  }
}

export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
