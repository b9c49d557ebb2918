/**
 * A line that a person's command writes to tell how it goes: {"step":3,"original":0.8,"shifted":0.7}, or with
 * "reward" in place of the two. NaN and Infinity are understood, as Python writes them.
 */
import { parsePythonJson } from '@layerwise/artifacts';

export interface CommandReport {
  readonly kind: 'report';
  /** In the plan's units. */
  readonly step: number;
  /** `reward` of the line, or the sum of `original` and `shifted`; null where the line says null. */
  readonly reward: number | null;
  /** Every number of the line but step and reward, by its name. */
  readonly measures: Readonly<Record<string, number>>;
}

/** A line that was meant as a report and cannot be taken. */
interface WrongReport {
  /** `wrong`: it has a step and a reward, of which one is no number. `unread`: nobody can read it. */
  readonly kind: 'wrong' | 'unread';
  /** Goes on from "the line …". */
  readonly why: string;
}

/** Measures of a line that are kept, and characters of a name: all of them go into the journal. */
export const MOST_MEASURES = 1000;
const longestName = 200;

/** Null for a line of any other kind, as a line of a log in JSON is. */
export function readReport(line: string): CommandReport | WrongReport | null {
  const text = line.trim();
  // What is left of UTF-16 when it is read as UTF-8.
  if (text.includes('\0') && text.replace(/[\0\uFFFD]/g, '').startsWith('{'))
    return { kind: 'unread', why: 'is not UTF-8 (UTF-16, by its look): write UTF-8' };
  if (!text.startsWith('{')) return null;
  let fields: Readonly<Record<string, unknown>>;
  try {
    fields = parsePythonJson(text) as Readonly<Record<string, unknown>>;
  } catch {
    return { kind: 'unread', why: 'is no JSON: write it as json.dumps does, in one line' };
  }
  const parts = 'reward' in fields ? ['reward'] : ['original', 'shifted'];
  if (!['step', ...parts].every((name) => name in fields)) return null;
  const { step } = fields;
  if (typeof step !== 'number' || !Number.isFinite(step)) return wrong('step', step);
  const odd = parts.find((name) => fields[name] !== null && typeof fields[name] !== 'number');
  if (odd !== undefined) return wrong(odd, fields[odd]);
  const told = parts.map((name) => fields[name] as number | null);
  const reward = told.reduce((sum, part) => (sum === null || part === null ? null : sum + part));
  return { kind: 'report', step, reward, measures: measuresOf(fields) };
}

function measuresOf(fields: Readonly<Record<string, unknown>>): Record<string, number> {
  const numbers = Object.entries(fields).filter(
    (entry): entry is [string, number] => typeof entry[1] === 'number' && entry[0].length <= longestName,
  );
  const measures = numbers.filter(([name]) => name !== 'step' && name !== 'reward');
  return Object.fromEntries(measures.slice(0, MOST_MEASURES));
}

function wrong(name: string, value: unknown): WrongReport {
  const json = typeof value === 'number' ? `${value}` : JSON.stringify(value);
  const shown = json.length > 60 ? `${json.slice(0, 57)}…` : json;
  const kind = typeof value === 'string' ? 'the text ' : '';
  return { kind: 'wrong', why: `has the ${name} ${kind}${shown}, and not a finite number` };
}
