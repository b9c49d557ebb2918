// Rates out of the folders of searches and combinations, and the sentences where there are none.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { trialsTable, writeTable } from '@layerwise/artifacts';
import { groupingToJson, layerGrouping, paperGrouping } from '@layerwise/optimizers';
import { describe, expect, it, onTestFinished } from 'vitest';
import { checkRates } from '../src/method-options.js';
import { ratesFrom } from '../src/rates-from.js';

const GROUPING = paperGrouping(4);
const FOUND = [1e-6, null, 2e-6, null, 3e-6, null, 4e-6, null, 5e-6, 6e-6];
const FLAT = FOUND.map((rate) => rate && 3e-5);
const text = (rates: readonly (number | null)[]): string => rates.map(String).join(',');

function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'layerwise-rates-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** A search's folder with one trial and the best rates that its study.json tells. */
async function search(folder: string, best: readonly (number | null)[] | null): Promise<void> {
  mkdirSync(folder, { recursive: true });
  const one = Int32Array.of(0);
  const values = Float64Array.from(FOUND, (rate) => rate ?? NaN);
  await writeTable(
    join(folder, 'trials.arrow'),
    trialsTable,
    {
      ...{ trial: one, repeat_of: [null], state: ['complete'], origin: ['sobol'], bracket: one },
      ...{ values: ['[]'], rates: { offsets: Int32Array.of(0, values.length), values }, fidelity: [1] },
      ...{
        accuracy_original_before: [0.9],
        accuracy_original: [0.8],
        accuracy_shifted: [0.7],
        reward: [1.5],
      },
      ...{ steps: one, seconds: Float64Array.of(1), seed: BigInt64Array.of(1n) },
    },
    { space: '{}', groups: groupingToJson(GROUPING), pair: 'SST-2 → MRPC' },
  );
  writeFileSync(
    join(folder, 'study.json'),
    JSON.stringify({ report: { best: best === null ? null : { rates: best } } }),
  );
}

describe('rates that were found', () => {
  it("are a search's best, and for flat-tuned those of its control", async () => {
    const folder = temporaryFolder();
    await search(folder, FOUND);
    expect(await ratesFrom(folder, 'distribution', 'paper', 4)).toBe(text(FOUND));
    expect(await ratesFrom(join(folder, 'study.json'), undefined, 'paper', 4)).toBe(text(FOUND));
    expect(await ratesFrom(join(folder, 'trials.arrow'), 'distribution', 'paper', 4)).toBe(text(FOUND));
    await expect(ratesFrom(folder, 'flat-tuned', 'paper', 4)).rejects.toThrow(/has no control/);
    await search(join(folder, 'control'), FLAT);
    expect(await ratesFrom(folder, 'flat-tuned', 'paper', 4)).toBe(text(FLAT));
    expect(await ratesFrom(join(folder, 'control'), 'flat-tuned', 'paper', 4)).toBe(text(FLAT));
  });

  it('are those of a combination, empty groups left out there', async () => {
    const folder = temporaryFolder();
    const file = join(folder, 'combination.json');
    writeFileSync(file, JSON.stringify({ rates: FOUND.filter((rate) => rate !== null), grouping: GROUPING }));
    expect(await ratesFrom(folder, 'combined', 'paper', 4)).toBe(text(FOUND));
    expect(await ratesFrom(file, 'combined', 'paper', 4)).toBe(text(FOUND));
    writeFileSync(file, '{"rates": "2e-5"}');
    await expect(ratesFrom(file, 'combined', 'paper', 4)).rejects.toThrow(/is not the combination.json/);
  });

  it('are refused where they are of other groups, or none', async () => {
    const folder = temporaryFolder();
    await search(folder, FOUND);
    await expect(ratesFrom(folder, 'distribution', 'layers', 4)).rejects.toThrow(
      new RegExp(`two different groupings.*${layerGrouping(4).fingerprint}`),
    );
    await search(folder, null);
    await expect(ratesFrom(folder, 'distribution', 'paper', 4)).rejects.toThrow(/no best trial yet/);
    await expect(ratesFrom(join(folder, 'nowhere'), undefined, 'paper', 4)).rejects.toThrow(/nothing at/);
    await expect(ratesFrom(temporaryFolder(), undefined, 'paper', 4)).rejects.toThrow(/neither a search/);
  });
});

describe('a method of found rates', () => {
  it('needs them, and takes them once', () => {
    expect(() => checkRates({ method: 'distribution' }, false)).toThrow(/--rates-from/);
    expect(() => checkRates({ method: 'distribution' }, true)).not.toThrow();
    expect(() => checkRates({ method: 'combined', ratesFrom: 'folder' }, false)).not.toThrow();
    expect(() => checkRates({ ratesFrom: 'folder' }, true)).toThrow(/leave out/);
    expect(() => checkRates({ method: 'decay' }, false)).not.toThrow();
  });
});
