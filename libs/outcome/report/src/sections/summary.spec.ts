/** The three sentences: every number is the artifacts', and none claims what no interval supports. */
import { rmSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { NOTHING, PAIR, temporaryFolder, writeEverything } from '../../test/generated.js';
import {
  readArtifacts,
  type Artifacts,
  type ComparisonRow,
  type SummaryRow,
} from '../artifacts/artifacts.js';
import { summarySentences } from './summary.js';

let folder: string;
let artifacts: Artifacts;

beforeAll(async () => {
  folder = await writeEverything(temporaryFolder());
  artifacts = await readArtifacts([folder]);
});

afterAll(() => rmSync(folder, { recursive: true }));

/** With the flat rate's forgetting changed. */
function forgetting(change: Partial<SummaryRow>): Artifacts {
  const summary = artifacts.summary.map((row) =>
    row.method === 'flat' && row.measure === 'forgetting' ? { ...row, ...change } : row,
  );
  return { ...artifacts, summary };
}

/** With one comparison changed. */
function compared(at: number, change: Partial<ComparisonRow>): Artifacts {
  return {
    ...artifacts,
    comparisons: artifacts.comparisons.map((row, i) => (i === at ? { ...row, ...change } : row)),
  };
}

it('says what was found, with its numbers', () => {
  expect(summarySentences(artifacts)).toEqual([
    `At the flat rate of 2e-5, ${PAIR}: forgetting is 0.181 (95 % interval 0.160 to 0.203, 2 seeds), so the first task is forgotten, p_o going from 0.912 to 0.731.`,
    'The found distribution forgets 0.067 where the flat rate forgets 0.181 (63 % less); its p_o differs from the flat rate’s by +0.113 (95 % interval 0.062 to 0.165; McNemar p = 0.002), so it is higher by more than chance, while p_s differs by −0.003 (95 % interval −0.021 to 0.015; McNemar p = 0.754).',
    'Against a flat rate tuned at the same budget, p_o + p_s differs by +0.031 (95 % interval −0.010 to 0.072), so it is not shown that the distribution does more than one good rate for all.',
  ]);
});

describe('forgetting', () => {
  it.each([
    [{ mean: 0.01, low: -0.02, high: 0.04 }, 'so no forgetting is shown'],
    [{ mean: -0.03, low: -0.05, high: -0.01 }, 'so the first task gains from the second'],
    [{ low: null, high: null, seeds: 1 }, '(no interval, 1 seed), so nothing is shown'],
  ])('%o', (change, words) => {
    expect(summarySentences(forgetting(change))[0]).toContain(words);
  });

  describe('of a task that was never learnt', () => {
    /** With the share of the most frequent label, and p_o before phase 2 at the flat rate. */
    const before = (share: number, change: Partial<SummaryRow>): Artifacts => ({
      ...artifacts,
      majorities: [{ pair: PAIR, share }],
      summary: artifacts.summary.map((row) =>
        row.method === 'flat' && row.measure === 'accuracy_original_before' ? { ...row, ...change } : row,
      ),
    });

    it('is said to be none', () => {
      const at = { mean: 0.541, low: 0.512, high: 0.57 };
      expect(summarySentences(before(0.53, at))[0]).toBe(
        `At the flat rate of 2e-5, ${PAIR}: forgetting is 0.181 (95 % interval 0.160 to 0.203, 2 seeds), but the first task is not shown to have been learnt before the second, so there was nothing to forget: p_o was 0.541 (95 % interval 0.512 to 0.570) where always giving its most frequent label gives 0.530.`,
      );
    });

    it.each([
      ['where the interval lies below the share', 0.6, { mean: 0.541, low: 0.512, high: 0.57 }, true],
      ['not where it lies above', 0.5, { mean: 0.541, low: 0.512, high: 0.57 }, false],
      ['of one seed by its figure', 0.55, { mean: 0.541, low: null, high: null }, true],
      ['not of one seed that is better', 0.53, { mean: 0.541, low: null, high: null }, false],
    ])('%s', (_, share, change, isSaid) => {
      expect(summarySentences(before(share, change))[0].includes('nothing to forget')).toBe(isSaid);
    });

    it('is not counted among the pairs that forget', () => {
      const other = artifacts.summary.map((row) => ({ ...row, pair: 'lake → sea' }));
      const two = before(0.53, { mean: 0.541, low: 0.512, high: 0.57 });
      const [sentence] = summarySentences({ ...two, summary: [...two.summary, ...other] });
      expect(sentence).toContain(
        `forgotten on 1 of 2 pairs, where the 95 % interval over seeds lies above 0; on ${PAIR} there was nothing to forget`,
      );
    });
  });

  const times = (pairs: number): Artifacts => ({
    ...artifacts,
    summary: Array.from({ length: pairs }, (_, i) =>
      artifacts.summary.map((row) =>
        i === 0 ? row : { ...row, pair: `pair ${i}`, mean: 0.01 * i, low: -0.1, high: 0.12 },
      ),
    ).flat(),
  });

  it('of a few pairs names each with its interval, and counts those that show it', () => {
    expect(summarySentences(times(2))[0]).toBe(
      `At the flat rate of 2e-5, forgetting is 0.181 (95 % interval 0.160 to 0.203) on ${PAIR} and 0.010 (95 % interval −0.100 to 0.120) on pair 1: the first task is forgotten on 1 of 2 pairs, where the 95 % interval over seeds lies above 0.`,
    );
  });

  it('of more gives the mean over pairs with its interval, and the extremes', () => {
    // By hand: 0.1812, 0.01, 0.02, 0.03 have the mean 0.0603 and the standard error 0.0405; t(3) is 3.182.
    expect(summarySentences(times(4))[0]).toContain(
      `forgetting is 0.060 on average over 4 pairs (95 % interval −0.069 to 0.189 over pairs), from 0.010 (pair 1) to 0.181 (${PAIR})`,
    );
  });

  it('of single runs has no interval, and of nothing has no number', () => {
    const runs = summarySentences({ ...NOTHING, runs: artifacts.runs });
    expect(runs[0]).toContain('accuracy on river went from 0.906 to 0.839');
    expect(summarySentences(NOTHING)[0]).toContain('npx layerwise evaluate');
  });
});

describe('prevention', () => {
  it('is not claimed where the interval holds 0', () => {
    const [, sentence] = summarySentences(compared(0, { difference: 0.01, low: -0.01, high: 0.03 }));
    expect(sentence).toContain('so no difference is shown');
    expect(sentence).not.toContain('higher');
  });

  it('says so where it is worse, and where McNemar’s test does not see it', () => {
    expect(summarySentences(compared(0, { difference: -0.05, low: -0.09, high: -0.01 }))[1]).toContain(
      'so it is lower',
    );
    expect(summarySentences(compared(0, { mcnemar: 0.2 }))[1]).toContain(
      'McNemar’s test of the first seed alone does not see it',
    );
  });

  it('is read from a comparison the other way round too', () => {
    const { method, against, difference, low, high } = artifacts.comparisons[0]!;
    const turned = compared(0, {
      method: against,
      against: method,
      difference: -difference!,
      low: -high!,
      high: -low!,
    });
    expect(summarySentences(turned)[1]).toBe(summarySentences(artifacts)[1]);
  });

  it('of several pairs counts gains and losses', () => {
    const more = artifacts.comparisons.map((row) => ({
      ...row,
      pair: 'lake → sea',
      difference: -0.2,
      low: -0.3,
      high: -0.1,
    }));
    const [, found, control] = summarySentences({
      ...artifacts,
      comparisons: [...artifacts.comparisons, ...more],
    });
    expect(found).toContain('a gain is shown on 1 of 2 pairs (paired bootstrap, 95 %), a loss on 1');
    expect(found).toContain(`by +0.113 (95 % interval 0.062 to 0.165) on ${PAIR} and −0.200 (95 % interval`);
    expect(found).toContain('p_s changes by −0.003');
    // Turned round: flat-tuned less distribution is −0.2 there.
    expect(control).toContain('a gain is shown on 1 of 2 pairs, a loss on 0');
  });

  it('is the combined distribution’s where a pair has none of its own', () => {
    const comparisons = artifacts.comparisons.slice(0, 1).map((row) => ({ ...row, method: 'combined' }));
    expect(summarySentences({ ...artifacts, comparisons })[1]).toContain(
      'The combined distribution was evaluated',
    );
  });
});

describe('the control', () => {
  it.each([
    [{ difference: -0.05, low: -0.08, high: -0.02 }, 'different rates for the groups are worth more'],
    [{ difference: 0.05, low: 0.02, high: 0.08 }, 'one good rate for all does better here'],
  ])('%o', (change, words) => {
    expect(summarySentences(compared(2, change))[2]).toContain(words);
  });

  it('is said to be missing', () => {
    const comparisons = artifacts.comparisons.slice(0, 2);
    expect(summarySentences({ ...artifacts, comparisons })[2]).toContain(
      'was not compared with a flat rate tuned',
    );
  });
});
