/** A trials.arrow as a search writes it, of the rows that a test gives. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { trialsTable, writeTable } from '@layerwise/artifacts';
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
  const offsets = rows.reduce<number[]>((all, { rates }) => [...all, (all.at(-1) ?? 0) + rates.length], [0]);
  const none = rows.map(() => null);
  await writeTable(
    file,
    trialsTable,
    {
      trial: Int32Array.from(rows, ({ trial }) => trial),
      repeat_of: rows.map(({ repeatOf }) => repeatOf ?? null),
      state: rows.map(({ state }) => state ?? 'complete'),
      origin: rows.map(() => 'sobol'),
      bracket: new Int32Array(rows.length),
      values: rows.map(({ rates }) => JSON.stringify(rates)),
      rates: {
        offsets: Int32Array.from(offsets),
        values: Float64Array.from(rows.flatMap(({ rates }) => [...rates])),
      },
      fidelity: rows.map(({ fidelity }) => (fidelity === undefined ? 1 : fidelity)),
      accuracy_original_before: none,
      accuracy_original: none,
      accuracy_shifted: none,
      reward: rows.map(({ reward }) => reward),
      steps: new Int32Array(rows.length),
      seconds: new Float64Array(rows.length),
      seed: new BigInt64Array(rows.length),
    },
    { space: '{}', groups: grouping === null ? '' : groupingToJson(grouping), pair },
  );
  return file;
}
