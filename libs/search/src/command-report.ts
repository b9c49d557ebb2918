/**
 * A line that a person's command writes to tell how it goes: {"step":3,"original":0.8,"shifted":0.7}, or with "reward" in place of
 * the two. Python's `json.dumps` writes NaN and Infinity, which are no JSON; they are understood.
 */

export interface CommandReport {
  /** In the plan's units. */
  readonly step: number;
  /** `reward` of the line, or the sum of `original` and `shifted`. */
  readonly reward: number;
  /** Every number of the line but step and reward, by its name. */
  readonly measures: Readonly<Record<string, number>>;
}

/** Null for a line of any other kind. */
export function readReport(line: string): CommandReport | null {
  if (!line.trimStart().startsWith('{')) return null;
  const measures = numbersOf(line);
  const { step, reward, original, shifted }: Partial<Record<string, number>> = measures;
  delete measures['step'];
  delete measures['reward'];
  const sum = original === undefined || shifted === undefined ? undefined : original + shifted;
  const told = reward ?? sum;
  if (step === undefined || !Number.isFinite(step) || told === undefined) return null;
  return { step, reward: told, measures };
}

const notJson = /(?<=[:,[{\s])(-?Infinity|NaN)(?=\s*[,}\]])/g;
const wordsForNumbers = new Set(['NaN', 'Infinity', '-Infinity']);

function numbersOf(line: string): Record<string, number> {
  let parsed: unknown;
  try {
    parsed = JSON.parse(line.replace(notJson, '"$1"'));
  } catch {
    return {};
  }
  const entries = Object.entries(parsed as Record<string, unknown>).flatMap(([name, value]) => {
    if (typeof value === 'number') return [[name, value] as const];
    return typeof value === 'string' && wordsForNumbers.has(value) ? [[name, Number(value)] as const] : [];
  });
  return Object.fromEntries(entries);
}
