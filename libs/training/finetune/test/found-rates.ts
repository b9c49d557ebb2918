/**
 * What a search leaves of its rates, for tests of those who take them: a folder with one trial and the best
 * rates in its study.json.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { trialsTable, writeTable } from '@layerwise/artifacts';
import { groupingToJson, paperGrouping, type Rates } from '@layerwise/optimizers';

/** Of the paper's groups over four layers; `best` null: the search has no best trial yet. */
export async function writeSearch(folder: string, best: Rates | null): Promise<void> {
  mkdirSync(folder, { recursive: true });
  const grouping = paperGrouping(4);
  const one = Int32Array.of(0);
  const values = Float64Array.from(grouping.groups, (_, group) => best?.[group] ?? NaN);
  await writeTable(
    join(folder, 'trials.arrow'),
    trialsTable,
    {
      trial: one,
      repeat_of: [null],
      state: ['complete'],
      origin: ['sobol'],
      bracket: one,
      values: ['[]'],
      rates: { offsets: Int32Array.of(0, values.length), values },
      fidelity: [1],
      accuracy_original_before: [0.9],
      accuracy_original: [0.8],
      accuracy_shifted: [0.7],
      reward: [1.5],
      steps: one,
      seconds: Float64Array.of(1),
      seed: BigInt64Array.of(1n),
    },
    { space: '{}', groups: groupingToJson(grouping), pair: 'SST-2 → MRPC' },
  );
  writeFileSync(
    join(folder, 'study.json'),
    JSON.stringify({
      done: 'trials',
      report: {
        best: best === null ? null : { trial: 1, fidelity: 1, reward: 1.5, rates: best, repeats: null },
        trials: 1,
        states: { complete: 1 },
        steps: { search: 10, repeats: 0 },
      },
    }),
  );
}
