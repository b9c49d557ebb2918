// Rates out of the folders of searches and combinations, and the sentences where there are none.
import { readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { groupingToJson, layerGrouping, paperGrouping } from '@layerwise/optimizers';
import { describe, expect, it } from 'vitest';
import { writeSearch } from '../test/found-rates.js';
import { temporaryFolder } from '../test/tiny-run.js';
import { ratesFrom } from './rates-from.js';

const GROUPING = paperGrouping(4);
const FOUND = [1e-6, null, 2e-6, null, 3e-6, null, 4e-6, null, 5e-6, 6e-6];
const FLAT = FOUND.map((rate) => rate && 3e-5);
const text = (rates: readonly (number | null)[]): string => rates.map(String).join(',');

describe('rates that were found', () => {
  it("are a search's best, and for flat-tuned those of its control", async () => {
    const folder = temporaryFolder();
    await writeSearch(folder, FOUND);
    expect(await ratesFrom(folder, 'distribution', 'paper', 4)).toBe(text(FOUND));
    expect(await ratesFrom(join(folder, 'study.json'), undefined, 'paper', 4)).toBe(text(FOUND));
    expect(await ratesFrom(join(folder, 'trials.arrow'), 'distribution', 'paper', 4)).toBe(text(FOUND));
    await expect(ratesFrom(folder, 'flat-tuned', 'paper', 4)).rejects.toThrow(/has no control/);
    await writeSearch(join(folder, 'control'), FLAT);
    expect(await ratesFrom(folder, 'flat-tuned', 'paper', 4)).toBe(text(FLAT));
    expect(await ratesFrom(join(folder, 'control'), 'flat-tuned', 'paper', 4)).toBe(text(FLAT));
  });

  it('are those of a combination, empty groups left out there', async () => {
    const folder = temporaryFolder();
    const file = join(folder, 'combination.json');
    const rates = FOUND.filter((rate) => rate !== null);
    const grouping = JSON.parse(groupingToJson(GROUPING)) as object;
    const weights = { name: 'rank' };
    const band = { level: 0.9, resamples: 10, seed: 1, low: rates, high: rates };
    writeFileSync(
      file,
      JSON.stringify({ rates, perPair: {}, groups: [], option: '', grouping, weights, band, pairs: [] }),
    );
    expect(await ratesFrom(folder, 'combined', 'paper', 4)).toBe(text(FOUND));
    expect(await ratesFrom(file, 'combined', 'paper', 4)).toBe(text(FOUND));
    writeFileSync(file, '{"rates": "2e-5"}');
    await expect(ratesFrom(file, 'combined', 'paper', 4)).rejects.toThrow(/is not the combination.json/);
  });

  it('are refused where they are of other groups, or none', async () => {
    const folder = temporaryFolder();
    await writeSearch(folder, FOUND);
    await expect(ratesFrom(folder, 'distribution', 'layers', 4)).rejects.toThrow(
      new RegExp(`two different groupings.*${layerGrouping(4).fingerprint}`),
    );
    await writeSearch(folder, null);
    await expect(ratesFrom(folder, 'distribution', 'paper', 4)).rejects.toThrow(/no best trial yet/);
    const study = join(folder, 'study.json');
    writeFileSync(study, readFileSync(study, 'utf8').replace('"trials"', 'null'));
    await expect(ratesFrom(folder, 'distribution', 'paper', 4)).rejects.toThrow(/has not come to an end/);
    rmSync(study);
    symlinkSync('study.json', study);
    await expect(ratesFrom(folder, 'distribution', 'paper', 4)).rejects.toThrow(/study.json: .*\(ELOOP\)/);
    await expect(ratesFrom(study, 'distribution', 'paper', 4)).rejects.toThrow(/study.json: .*\(ELOOP\)/);
    await expect(ratesFrom(join(folder, 'nowhere'), undefined, 'paper', 4)).rejects.toThrow(/nothing at/);
    await expect(ratesFrom(temporaryFolder(), undefined, 'paper', 4)).rejects.toThrow(/neither a search/);
  });
});
