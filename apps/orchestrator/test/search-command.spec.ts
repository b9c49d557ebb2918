/**
 * `layerwise search --command`: a person's own training, here a few lines that start from a checkpoint of
 * their own.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { layerwise, temporaryFolder } from './command.js';
import { search, studyIn, trialsIn } from './search-runs.js';

// Whole searches, each with processes of its own.
const TRAINING = `
import { appendFileSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
const { values, from, to, folder } = JSON.parse(process.env.LAYERWISE_TRIAL);
const checkpoint = join(folder, 'epochs');
const done = existsSync(checkpoint) ? Number(readFileSync(checkpoint, 'utf8')) : 0;
if (done !== from) throw new Error('from ' + from + ', but the checkpoint is of ' + done);
appendFileSync(process.argv[2], from + '-' + to + ' ');
for (let step = from + 1; step <= to; step++)
  console.log(JSON.stringify({ step, original: step / 9, shifted: values.kind === 'b' ? 0.5 + values.x : 0 }));
writeFileSync(checkpoint, String(to));
`;

it('is resumed from its checkpoints and gives its figures to trials.arrow, which has no rates', async () => {
  const folder = temporaryFolder();
  const [script, space, runs, out] = ['train.mjs', 'space.json', 'runs', 'out'].map((name) =>
    join(folder, name),
  ) as [string, string, string, string];
  writeFileSync(script, TRAINING);
  const parameters = {
    x: { type: 'float', low: 0, high: 0.4 },
    kind: { type: 'categorical', choices: ['a', 'b'] },
  };
  writeFileSync(space, JSON.stringify(parameters));
  const given = join(folder, 'given.json');
  writeFileSync(given, JSON.stringify({ x: 0.4, kind: 'b' }));
  const { stdout } = await search(
    ...['--command', `"${process.execPath}" "${script}" "${runs}"`, '--space', space, '--given', given],
    ...['--sampler', 'random', '--trials', '9', '--repeats-best', '1', '--repeats-seeds', '2', '--out', out],
  );
  expect(JSON.parse(stdout)).toMatchObject({ report: { best: { trial: 0, values: { x: 0.4, kind: 'b' } } } });
  expect(readFileSync(runs, 'utf8').trim().split(' ').sort()).toEqual(
    [...Array<string>(9).fill('0-1'), '1-3', '1-3', '1-3', '3-9', '0-9', '0-9'].sort(),
  );
  const { rows, metadata } = await trialsIn(out);
  expect(metadata).toMatchObject({ groups: '', pair: '' });
  expect(rows.every(({ rates }) => rates.length === 0)).toBe(true);
  const best = rows.filter(({ trial }) => trial === 0);
  expect(best.map(({ reward }) => reward)).toEqual([1 / 9 + 0.9, 3 / 9 + 0.9, 1 + 0.9]);
  // Nine of one, three of two more, one of six more, in the units of the command.
  expect(studyIn(out).report.steps).toEqual({ search: 9 + 6 + 6, repeats: 18 });
  const status = await layerwise('search-status', out);
  expect(status.stdout).toContain('{"x":0.4,"kind":"b"}');
});

it.each([
  [
    '--encoder',
    ['--encoder', 'builtin:tiny', '--space', 'space.json'],
    '--encoder belongs to our own training',
  ],
  ['--epochs', ['--epochs', '3', '--space', 'space.json'], '--epochs belongs to our own training'],
  ['--rung', ['--rung', 'cut', '--space', 'space.json'], '--rung belongs to our own training'],
  ['--with-control', ['--with-control', '--space', 'space.json'], '--with-control needs our own training'],
  ['a named space', [], '--command needs --space FILE'],
])('refuses %s', async (_, words, sentence) => {
  const out = join(temporaryFolder(), 'out');
  const { code, stderr } = await layerwise('search', '--command', 'true', ...words, '--out', out);
  expect(code).toBe(2);
  expect(stderr).toContain(sentence);
});

it.each([
  ['{"lr":{"type":"integer","low":1,"high":9},\n"\\u006cr":{"type":"integer","low":3,"high":4}}', 'line 2'],
  ['{"lr":{"type":"integer","low":1,"low":2,"high":9}}', 'line 1'],
])('refuses a space in which a key stands twice: %s', async (json, line) => {
  const folder = temporaryFolder();
  const space = join(folder, 'space.json');
  writeFileSync(space, json);
  const words = ['--command', 'true', '--space', space, '--out', join(folder, 'out')];
  const { code, stderr } = await layerwise('search', ...words);
  expect(code).toBe(2);
  expect(stderr).toMatch(
    new RegExp(`space\\.json, ${line}, has the key "(lr|low)" twice: leave one out\\.\n$`),
  );
});

it('says that it ends with the points of its space, and does', async () => {
  const folder = temporaryFolder();
  const space = join(folder, 'space.json');
  writeFileSync(space, '{"n":{"type":"integer","low":1,"high":2}}');
  const { code, stdout, stderr } = await layerwise(
    ...['search', '--command', `echo '{"step":9,"reward":1}'`, '--space', space, '--scheduler', 'none'],
    ...['--trials', '7', '--repeats-best', '0', '--out', join(folder, 'out')],
  );
  expect(code, stderr).toBe(0);
  expect(stdout).toContain('Ended as all 2 points of the space were tried;');
});

const shared = process.env.LAYERWISE_SHARED ?? join(import.meta.dirname, '../../../../shared');
const objectives = join(shared, 'cases/hpo-objectives');
const isThere = existsSync(objectives) && spawnSync('python3', ['--version']).status === 0;

describe.skipIf(!isThere)('objectives that were reported, where they and Python are at hand', () => {
  it.each([
    ['nanmeasure.py', 0, { complete: 2 }, null],
    ['null.py', 1, { diverged: 2 }, null],
    ['warnlast.py', 1, { failed: 2 }, 'the command ended with code 1: RuntimeError: CUDA out of memory'],
  ])('%s', async (script, wanted, states, message) => {
    const folder = temporaryFolder();
    const space = join(folder, 'space.json');
    writeFileSync(space, '{"lr":{"type":"float","low":1e-6,"high":1e-3,"log":true}}');
    const out = join(folder, 'out');
    const { code } = await layerwise(
      ...['search', '--command', `python3 "${join(objectives, script)}"`, '--space', space],
      ...['--scheduler', 'none', '--trials', '2', '--repeats-best', '0', '--out', out, '--json'],
    );
    expect(code).toBe(wanted);
    const { report } = studyIn(out);
    expect(report.states).toEqual(states);
    expect(report.failure?.message ?? null).toBe(message);
  });
});
