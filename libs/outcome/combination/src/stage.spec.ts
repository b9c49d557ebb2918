/** The stage `combination`: rates of two searches and those without each, by hand. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { runStage } from '@layerwise/artifacts';
import { makeFolder } from '@layerwise/errors';
import { paperGrouping } from '@layerwise/optimizers';
import { expect, it } from 'vitest';
import { temporaryFolder, writeTrials } from '../test/trials-table.js';
import { combinationStage } from './stage.js';

it('is the geometric mean over pairs, and without a pair what the other has', async () => {
  const root = temporaryFolder();
  const grouping = paperGrouping(12);
  const flat = (rate: number): number[] => grouping.groups.map(() => rate);
  // One trial a pair: its rates are the pair's.
  for (const [pair, rate] of [
    ['a → b', 1e-4],
    ['b → a', 1e-6],
  ] as const) {
    makeFolder(join(root, pair));
    await writeTrials(join(root, pair, 'trials.arrow'), [{ trial: 0, rates: flat(rate), reward: 1 }], {
      grouping,
      pair,
    });
  }
  const outputFolder = join(root, 'out');
  await runStage(combinationStage, {
    parameters: { resamples: 20 },
    inputs: { searches: [join(root, 'a → b'), join(root, 'b → a')] },
    outputFolder,
  });
  const { rates, leaveOneOut } = JSON.parse(readFileSync(join(outputFolder, 'combination.json'), 'utf8')) as {
    rates: number[];
    leaveOneOut: Record<string, number[]>;
  };
  for (const rate of rates) expect(rate).toBeCloseTo(1e-5, 12);
  for (const rate of leaveOneOut['a → b'] ?? []) expect(rate).toBeCloseTo(1e-6, 14);
  expect(readFileSync(join(outputFolder, 'parameter_groups.py'), 'utf8')).toContain('lr');
});
