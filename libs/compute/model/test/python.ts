/**
 * Python's transformers, to open what this lib wrote. Importing this file looks for it, which takes seconds.
 */
import { execFileSync } from 'node:child_process';
import { resolve } from 'node:path';

/** A Python that can import transformers: LAYERWISE_PYTHON, or python3; undefined where there is none. */
export const python = [process.env['LAYERWISE_PYTHON'], 'python3'].find((candidate) => {
  if (candidate === undefined) return false;
  try {
    execFileSync(candidate, ['-c', 'import torch, transformers'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
});

export interface PythonReport {
  readonly class: string;
  readonly dtype: string;
  readonly missing: readonly string[];
  readonly unexpected: readonly string[];
  /** [row][token][hidden] */
  readonly hidden: readonly (readonly (readonly number[])[])[];
  /** [row][label] */
  readonly logits: readonly (readonly number[])[];
  readonly labels: Readonly<Record<string, string>>;
}

/** What Python makes of a folder, by tools/reference/check_folder.py. */
export function openInPython(
  folder: string,
  kind: 'encoder' | 'classifier',
  rows: { ids: readonly (readonly number[])[]; types: readonly (readonly number[])[] },
): PythonReport {
  const script = resolve(import.meta.dirname, '../../../../tools/reference/check_folder.py');
  const output = execFileSync(python ?? 'python3', [script, folder, kind], {
    input: JSON.stringify(rows),
    maxBuffer: 2 ** 26,
    stdio: ['pipe', 'pipe', 'ignore'],
    encoding: 'utf8',
  });
  return JSON.parse(output) as PythonReport;
}
