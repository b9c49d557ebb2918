/**
 * combination.json says all that a distribution is: read back it is the same, and a file that contradicts
 * itself is refused.
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { paperGrouping } from '@layerwise/optimizers';
import { afterAll, describe, expect, it } from 'vitest';
import { distributionOf } from '../distribution/distribution.js';
import { combinationJson } from './combination-json.js';
import type { PairTrials } from '../trials/rated-trial.js';
import { readCombination } from './read-combination.js';

const folder = mkdtempSync(join(tmpdir(), 'layerwise-combination-'));
const file = join(folder, 'combination.json');

afterAll(() => rmSync(folder, { recursive: true }));

const grouping = paperGrouping(2);

function pair(name: string, scale: number): PairTrials {
  const rates = (by: number): number[] =>
    grouping.groups.filter(({ parts }) => parts.length > 0).map((_, i) => by * scale * (i + 1));
  const flat = rates(1).map(() => 2e-5);
  return {
    pair: name,
    file: `${name}.arrow`,
    grouping,
    trials: [rates(1e-5), rates(3e-6), flat].map((own, number) => ({
      number,
      reward: 1.5 - number / 10,
      rates: own,
    })),
  };
}

const settings = {
  weights: 'rank' as const,
  numbers: { b: 1.8 },
  bootstrap: { resamples: 40, seed: 3, level: 0.9 },
};

describe.each([true, false])('with leave-one-out: %s', (leaveOneOut) => {
  it('comes back as it was', async () => {
    const distribution = distributionOf([pair('river', 1), pair('lake', 2)], { ...settings, leaveOneOut });
    writeFileSync(file, JSON.stringify(combinationJson(distribution)));
    expect(await readCombination(file)).toEqual(distribution);
  });
});

it.each([
  [
    'cut lists',
    (json: Json) => ({ ...json, rates: json.rates.slice(1) }),
    'does not have a rate for each of its 4 groups',
  ],
  [
    'another rate',
    (json: Json) => ({ ...json, rates: [-1, ...json.rates.slice(1)] }),
    'is not the combination.json of `layerwise combine` (rates.0 is wrong)',
  ],
  [
    'another grouping',
    (json: Json) => ({ ...json, grouping: { ...json.grouping, fingerprint: 'x' } }),
    'it was changed',
  ],
])('refuses %s', async (_, change, sentence) => {
  const distribution = distributionOf([pair('river', 1)], { ...settings, leaveOneOut: false });
  const json = JSON.parse(JSON.stringify(combinationJson(distribution))) as Json;
  writeFileSync(file, JSON.stringify(change(json)));
  await expect(readCombination(file)).rejects.toThrow(sentence);
});

it('refuses what is no JSON', async () => {
  writeFileSync(file, '{');
  await expect(readCombination(file)).rejects.toThrow('cannot be read as JSON');
});

interface Json {
  readonly rates: readonly number[];
  readonly grouping: object;
}
