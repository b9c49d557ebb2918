/** A trials.arrow as a search writes it, of the rows that a test gives. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { trialsTable, writeRows } from '@layerwise/artifacts';
import { groupingToJson, type Grouping } from '@layerwise/optimizers';

export interface Row {
  readonly trial: number;
  readonly values: readonly (number | string)[];
  readonly reward: number | null;
  readonly repeatOf?: number;
  readonly fidelity?: number;
}

/** An empty folder that is gone after the test. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'layerwise-importance-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

export async function writeSearch(
  rows: readonly Row[],
  { grouping, space }: { readonly grouping: Grouping | null; readonly space: object | string },
): Promise<string> {
  const file = join(temporaryFolder(), 'river.arrow');
  // As a study records it.
  const recorded = JSON.stringify({ names: Object.keys(space), parameters: Object.values(space) });
  const trials = rows.map(({ trial, values, reward, repeatOf = null, fidelity = 1 }) => ({
    trial,
    reward,
    repeat_of: repeatOf,
    state: reward === null ? 'failed' : 'complete',
    fidelity: reward === null ? null : fidelity,
    values: JSON.stringify(values),
    rates: [],
    // None of these is read.
    origin: 'sobol',
    bracket: 0,
    accuracy_original_before: null,
    accuracy_original: null,
    accuracy_shifted: null,
    steps: 0,
    seconds: 0,
    seed: 0n,
  }));
  await writeRows(file, trialsTable, trials, {
    space: typeof space === 'string' ? space : recorded,
    groups: grouping === null ? '' : groupingToJson(grouping),
    pair: '',
  });
  return file;
}
