/** Folders as `search` leaves them, with rates that a test chooses. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { trialsTable, writeTable } from '@layerwise/artifacts';
import { groupingToJson, layerGrouping } from '@layerwise/optimizers';
import { temporaryFolder } from './tiny-evaluation.js';

/** Embeddings, one layer, head. */
export const grouping = layerGrouping(1);

/**
 * A search with two trials: the better one has the given rates, the other ten times as much; `flat` is the
 * control's, if there was one.
 */
export async function searchFolder(
  pair: string,
  rates: readonly number[],
  flat: number | null,
): Promise<string> {
  const folder = join(temporaryFolder(), 'search');
  mkdirSync(folder);
  const all = [rates, rates.map((rate) => 10 * rate)];
  const columns = {
    trial: Int32Array.of(0, 1),
    repeat_of: [null, null],
    state: ['complete', 'complete'],
    origin: ['given', 'gp'],
    bracket: Int32Array.of(0, 0),
    values: all.map((one) => JSON.stringify(one)),
    rates: { offsets: Int32Array.of(0, 3, 6), values: Float64Array.from(all.flat()) },
    fidelity: [1, 1],
    accuracy_original_before: [0.8, 0.8],
    accuracy_original: [0.7, 0.6],
    accuracy_shifted: [0.9, 0.9],
    reward: [1.6, 1.5],
    steps: Int32Array.of(4, 4),
    seconds: Float64Array.of(1, 1),
    seed: BigInt64Array.of(1n, 2n),
  };
  await writeTable(join(folder, 'trials.arrow'), trialsTable, columns, {
    space: '{}',
    groups: groupingToJson(grouping),
    pair,
  });
  const study = (best: readonly number[]) =>
    JSON.stringify({
      done: 'trials',
      report: {
        best: { trial: 0, fidelity: 1, reward: 1.5, rates: best, repeats: null },
        trials: 2,
        states: { complete: 2 },
        steps: { search: 10, repeats: 0 },
      },
    });
  writeFileSync(join(folder, 'study.json'), study(rates));
  if (flat !== null) {
    mkdirSync(join(folder, 'control'));
    writeFileSync(join(folder, 'control', 'study.json'), study([flat, flat, flat]));
  }
  return folder;
}
