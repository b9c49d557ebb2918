/**
 * A line that a person's command writes to tell how it goes: {"step":3,"original":0.8,"shifted":0.7}, or with
 * "reward" in place of the two. NaN and Infinity are understood, as Python writes them.
 */
import { parsePythonJson } from '@layerwise/artifacts';

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
  const value = reward ?? sum;
  if (step === undefined || !Number.isFinite(step) || value === undefined) return null;
  return { step, reward: value, measures };
}

function numbersOf(line: string): Record<string, number> {
  let parsed: unknown;
  try {
    parsed = parsePythonJson(line);
  } catch {
    return {};
  }
  return Object.fromEntries(
    Object.entries(parsed as Record<string, unknown>).filter(
      (entry): entry is [string, number] => typeof entry[1] === 'number',
    ),
  );
}
