/** A trials.arrow as a search writes it, of the rows that a test gives. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { trialsTable, writeTable } from '@layerwise/artifacts';
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
  const none = rows.map(() => null);
  await writeTable(
    file,
    trialsTable,
    {
      trial: Int32Array.from(rows, ({ trial }) => trial),
      repeat_of: rows.map(({ repeatOf }) => repeatOf ?? null),
      state: rows.map(({ reward }) => (reward === null ? 'failed' : 'complete')),
      origin: rows.map(() => 'sobol'),
      bracket: new Int32Array(rows.length),
      values: rows.map(({ values }) => JSON.stringify(values)),
      rates: { offsets: new Int32Array(rows.length + 1), values: new Float64Array(0) },
      fidelity: rows.map(({ reward, fidelity }) => (reward === null ? null : (fidelity ?? 1))),
      accuracy_original_before: none,
      accuracy_original: none,
      accuracy_shifted: none,
      reward: rows.map(({ reward }) => reward),
      steps: new Int32Array(rows.length),
      seconds: new Float64Array(rows.length),
      seed: new BigInt64Array(rows.length),
    },
    {
      // As a study records it.
      space:
        typeof space === 'string'
          ? space
          : JSON.stringify({ names: Object.keys(space), parameters: Object.values(space) }),
      groups: grouping === null ? '' : groupingToJson(grouping),
      pair: '',
    },
  );
  return file;
}
