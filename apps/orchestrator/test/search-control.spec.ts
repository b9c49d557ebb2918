/**
 * `--with-control`: a search of one rate for all groups with as many steps, and the comparison on rows that
 * chose neither.
 */
import { join } from 'node:path';
import { readStudy } from '@layerwise/search';
import { expect, it } from 'vitest';
import { layerwise, temporaryFolder } from './command.js';
import { search, SMALL, studyIn, TASKS, trialsIn } from './search-runs.js';

// Whole searches, each with processes of its own.
it('takes as many steps, has one rate for all groups, and is compared by fresh runs on the dev splits', async () => {
  const out = temporaryFolder();
  const words = [
    ...TASKS,
    ...SMALL,
    '--trials',
    '4',
    '--repeats-best',
    '1',
    '--repeats-seeds',
    '2',
    '--with-control',
    'yes',
    '--out',
    out,
  ];
  await search(...words);
  const control = join(out, 'control');
  const [study, flat] = [studyIn(out), studyIn(control)];
  expect(flat.settings.budget).toBe(study.plan?.steps);
  expect(flat.report.steps.search).toBe(study.report.steps.search);
  expect(flat.searched).toMatchObject({ space: 'flat' });
  expect(study.control).toEqual(flat.report);
  for (const { rates } of (await trialsIn(control)).rows)
    expect(new Set(rates.filter((rate) => !Number.isNaN(rate))).size).toBe(1);

  // The comparison again, from the journals.
  const fresh = (folder: string): number[] => {
    const { trials } = readStudy(join(folder, 'journal.jsonl'))!;
    const repeats = trials.filter(({ repeatOf }) => repeatOf !== null);
    return repeats.map(({ measurements }) => {
      const { devOriginal, devShifted } = measurements[0]!.measures;
      return devOriginal! + devShifted!;
    });
  };
  const mean = (numbers: readonly number[]): number => (numbers[0]! + numbers[1]!) / 2;
  const [one, other] = [fresh(out), fresh(control)];
  expect(one).toHaveLength(2);
  expect(study.comparison).toMatchObject({
    rows: 'dev',
    search: { rewards: one, missing: 0 },
    control: { rewards: other, missing: 0 },
  });
  expect(study.comparison?.difference).toBeCloseTo(mean(one) - mean(other), 12);
  // Also in words, and status tells of both.
  const status = await layerwise('search-status', out);
  expect(status.stdout).toContain('space groups');
  expect(status.stdout).toContain('Control:');
  expect(status.stdout).toContain('space flat');
  expect(status.stdout.match(/It is done/g)).toHaveLength(2);
});
