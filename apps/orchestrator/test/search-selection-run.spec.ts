/**
 * What chooses between trials, by whole searches over task folders that differ in a few labels: swapping
 * those of the dev split changes no reward, swapping those of the held-out rows turns each accuracy over and
 * changes nothing that is trained.
 */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { writeTaskFolder, type Task } from '@layerwise/artifacts';
import { openTask } from '@layerwise/datasets';
import { readStudy } from '@layerwise/search';
import { beforeAll, expect, it } from 'vitest';
import { temporaryFolder } from './command.js';
import { search, SMALL, studyIn, swapped, WHOLE } from './search-runs.js';

// Whole searches, each with processes of its own.
let tasks: { original: Task; shifted: Task };
beforeAll(async () => {
  tasks = {
    original: (await openTask('builtin:agreement?rows=78&devRows=20&seed=1')).task,
    shifted: (await openTask('builtin:paraphrase?rows=78&devRows=20&seed=2')).task,
  };
});

/**
 * Measures of each trial, after the tasks' labels were changed: 48 rows are trained on, the 30 beyond them
 * choose.
 */
async function searched(change: (task: Task) => Task, ...words: string[]) {
  const folder = temporaryFolder();
  const [original, shifted, out] = [join(folder, 'a'), join(folder, 'b'), join(folder, 'out')];
  await writeTaskFolder(change(tasks.original), original);
  await writeTaskFolder(change(tasks.shifted), shifted);
  // A rate at which each label that is trained on shows.
  const given = join(folder, 'given.json');
  writeFileSync(given, '{"flat": 1e-3}');
  const pair = [
    '--original',
    original,
    '--shifted',
    shifted,
    '--trials',
    '3',
    '--given',
    given,
    '--out',
    out,
  ];
  await search(...pair, ...SMALL, ...WHOLE, '--epochs', '4', ...words);
  const { trials } = readStudy(join(out, 'journal.jsonl'))!;
  return { measures: trials.map(({ measurements }) => measurements[0]!.measures), ...studyIn(out) };
}

/** The search of the tasks as they are, which two tests compare with. */
let plainSearch: ReturnType<typeof searched> | undefined;
const unchanged = (): ReturnType<typeof searched> => (plainSearch ??= searched((task) => task));

/** Right answers of one are wrong ones of the other. */
function expectTurnedOver(one: Measures[], other: Measures[], names: readonly string[]): void {
  expect(one).toHaveLength(3);
  for (const [trial, measures] of one.entries())
    for (const name of names) expect(other[trial]![name]).toBeCloseTo(1 - measures[name]!, 12);
}
type Measures = Readonly<Record<string, number>>;

const CHOOSING = ['originalBefore', 'original', 'shifted'];
const REPORTED = ['devOriginal', 'devShifted'];
const only = (names: readonly string[], all: Measures[]): (number | undefined)[][] =>
  all.map((measures) => names.map((name) => measures[name]));

it('the dev splits choose nothing: with other labels there each trial has the same reward', async () => {
  const plain = await unchanged();
  const other = await searched((task) => swapped(task, 'dev', () => true));
  expect(only(CHOOSING, other.measures)).toEqual(only(CHOOSING, plain.measures));
  expectTurnedOver(plain.measures, other.measures, REPORTED);
  expect(other.report.best?.trial).toBe(plain.report.best?.trial);
});

it('rows that choose are not trained on: with other labels there accuracies turn over, and the dev splits see no difference', async () => {
  const plain = await unchanged();
  const other = await searched((task) => swapped(task, 'train', (row) => row >= 48));
  expectTurnedOver(plain.measures, other.measures, CHOOSING);
  expect(only(REPORTED, other.measures)).toEqual(only(REPORTED, plain.measures));
});

it('--protocol paper chooses by the dev splits, and says so', async () => {
  const plain = await searched((task) => task, '--protocol', 'paper');
  const other = await searched((task) => swapped(task, 'dev', () => true), '--protocol', 'paper');
  expectTurnedOver(plain.measures, other.measures, CHOOSING);
  expect(Object.keys(plain.measures[0]!)).toEqual(CHOOSING);
  expect(plain.searched).toMatchObject({
    protocol: 'paper',
    rows: {
      original: {
        trained: 48,
        chosen: 20,
        reported: 0,
        chosenOn: expect.stringContaining('dev split') as string,
      },
    },
  });
});
