/** A trials.arrow as a search writes it, of the rows that a test gives. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { trialsTable, writeRows } from '@layerwise/artifacts';
import { groupingToJson, type Grouping } from '@layerwise/optimizers';

export interface Row {
  readonly trial: number;
  readonly rates: readonly number[];
  readonly reward: number | null;
  readonly repeatOf?: number;
  readonly state?: string;
  readonly fidelity?: number | null;
}

/** An empty folder that is gone after the test. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'layerwise-combination-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

export async function writeTrials(
  file: string,
  rows: readonly Row[],
  { grouping, pair = '' }: { readonly grouping: Grouping | null; readonly pair?: string },
): Promise<string> {
  const groups = grouping === null ? '' : groupingToJson(grouping);
  const trials = rows.map(({ repeatOf: repeat_of = null, state = 'complete', fidelity = 1, ...row }) => ({
    ...UNREAD,
    ...row,
    repeat_of,
    state,
    fidelity,
    values: JSON.stringify(row.rates),
  }));
  await writeRows(file, trialsTable, trials, { space: '{}', groups, pair });
  return file;
}

/** Columns that a combination does not read. */
const UNREAD = {
  origin: 'sobol',
  bracket: 0,
  accuracy_original_before: null,
  accuracy_original: null,
  accuracy_shifted: null,
  steps: 0,
  seconds: 0,
  seed: 0n,
};
