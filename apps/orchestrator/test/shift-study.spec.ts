/** `layerwise shift-study`, from words to files: each kind of pair, what it prints, continues and refuses. */
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { writeTaskFolder } from '@layerwise/artifacts';
import { generateTask } from '@layerwise/datasets';
import { describe, expect, it } from 'vitest';
import { heldProcess, layerwise, temporaryFolder, type Answer } from './command.js';

const TOPIC = 'builtin:topic?rows=64&devRows=40';
const SENTIMENT = 'builtin:sentiment?rows=64&devRows=40';
const study = (...words: string[]): Promise<Answer> =>
  layerwise('shift-study', '--encoder', 'builtin:tiny', '--threads', '1', '--resamples', '200', ...words);

interface Printed {
  readonly out: string;
  readonly tasks: readonly {
    readonly task: string;
    readonly kind: string;
    readonly epochs: number;
    readonly figures: readonly {
      readonly measure: string;
      readonly part: string;
      readonly seeds: number;
      readonly rows: number;
      readonly accuracy: number;
      readonly low: number;
      readonly high: number;
    }[];
  }[];
}

async function printed(...words: string[]): Promise<Printed> {
  const { code, stdout, stderr } = await study(...words, '--json');
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  return JSON.parse(stdout) as Printed;
}

describe('a study', () => {
  it('by length: prints every figure, leaves tables, does nothing twice, and adds a seed', async () => {
    const out = temporaryFolder();
    const words = ['--tasks', `${TOPIC},${SENTIMENT}`, '--kind', 'length', '--epochs', '1,2', '--out', out];
    const first = await printed(...words, '--seeds', '4');
    expect(first.tasks.map(({ task, kind, epochs }) => [task, kind, epochs])).toEqual([
      ['topic', 'length', 1],
      ['sentiment', 'length', 2],
    ]);
    for (const { figures } of first.tasks) {
      // Five models on two parts, three differences.
      expect(figures).toHaveLength(13);
      for (const { accuracy, low, high, rows, seeds } of figures) {
        expect({ rows, seeds }).toEqual({ rows: 20, seeds: 1 });
        expect(low).toBeLessThanOrEqual(accuracy);
        expect(high).toBeGreaterThanOrEqual(accuracy);
      }
    }
    const units = readdirSync(join(out, 'units'));
    expect(units).toHaveLength(6);
    expect(readFileSync(join(out, 'study.md'), 'utf8')).toContain('## topic (length)');
    const manifest = JSON.parse(readFileSync(join(out, 'manifest.json'), 'utf8')) as {
      stage: string;
      inputs: { name: string }[];
    };
    expect(manifest).toMatchObject({ stage: 'shift-study', parameters: { kind: 'length', epochs: [1, 2] } });
    expect(manifest.inputs.map(({ name }) => name)).toEqual(['encoder']);

    const people = await study(...words, '--seeds', '4,5');
    expect(people.code, people.stderr).toBe(0);
    expect(people.stdout).toContain('small one with random weights');
    expect(people.stdout).toContain('mean of 2 seeds');
    expect(people.stdout).toMatch(/^topic +length +0\.\d{3} - 0\.\d{3} /m);
    expect(readdirSync(join(out, 'units'))).toEqual(expect.arrayContaining(units));
    expect(readdirSync(join(out, 'units'))).toHaveLength(12);
    // The seed that was there is not run again: its figures are as they were.
    expect((await printed(...words, '--seeds', '4')).tasks).toEqual(first.tasks);
  });

  it('by cluster, with K = 3 and a limit on training rows: the largest two', async () => {
    const words = ['--kind', 'cluster', '--k', '3', '--minimum-rows', '2', '--epochs', '1', '--seeds', '1'];
    const found = await printed(
      '--tasks',
      TOPIC,
      ...words,
      '--train-limit',
      '50',
      '--out',
      temporaryFolder(),
    );
    const [task] = found.tasks;
    expect(task).toMatchObject({ task: 'topic', kind: 'cluster' });
    const rows = (part: string): number => task!.figures.find((figure) => figure.part === part)!.rows;
    expect(rows('original') + rows('shifted')).toBeLessThanOrEqual(40);
    expect(existsSync(join(found.out, 'units'))).toBe(true);
    const { trainRows, file } = trainRowsOf(found.out);
    // Of 50 sampled rows, those of the smallest cluster are in neither part.
    expect(trainRows, file).toBeLessThan(50);
    expect(trainRows, file).toBeGreaterThanOrEqual(33);
  });

  it('of two tasks, found in --glue and elsewhere', async () => {
    const glue = temporaryFolder();
    await writeTaskFolder({ ...generateTask(TOPIC), name: 'T-1' }, join(glue, 'T-1'));
    const words = ['--kind', 'dataset', '--epochs', '1', '--seeds', '1', '--glue', glue];
    const { tasks } = await printed('--tasks', `T-1:${SENTIMENT}`, ...words, '--out', temporaryFolder());
    expect(tasks[0]).toMatchObject({ task: 'T-1 then sentiment', kind: 'dataset' });
    // Other labels: no mixed set, and no head is asked about the other task.
    expect(tasks[0]!.figures.map(({ measure }) => measure)).toEqual([
      ...['before', 'after', 'after - before'],
      ...['after-shifted-head', 'shifted-alone', 'after-shifted-head - shifted-alone'],
    ]);
  });
});

it('killed in the middle of a run, it goes on from there to the same figures', async () => {
  const words = ['--encoder', 'builtin:tiny', '--threads', '1', '--resamples', '200', '--kind', 'length'];
  words.push('--tasks', 'builtin:topic?rows=400&devRows=40', '--epochs', '4', '--seeds', '1', '--json');
  const whole = await layerwise('shift-study', ...words, '--out', temporaryFolder());
  const out = temporaryFolder();
  const units = join(out, 'units');
  const checkpointOf = (regime: string): string | undefined =>
    (existsSync(units) ? readdirSync(units) : [])
      .map((unit) => join(units, unit, 'checkpoint.safetensors'))
      .find((file) => file.includes(`topic-${regime}`) && existsSync(file));
  const started = ['shift-study', ...words, '--out', out, '--checkpoint-every', '1'];
  const { child, ended, heldAt } = heldProcess(/checkpoint\.safetensors$/, ...started);
  await heldAt(() => checkpointOf('alone') !== undefined);
  child.kill('SIGKILL');
  await ended;
  const finishedUnits = readdirSync(units).filter((unit) => existsSync(join(units, unit, 'manifest.json')));
  expect(finishedUnits.map((unit) => unit.split('-seed')[0])).toEqual(['topic-sequential']);
  const before = readFileSync(join(units, finishedUnits[0]!, 'manifest.json'), 'utf8');

  const again = await layerwise('shift-study', ...words, '--out', out);
  const figuresOf = ({ stdout }: Answer): unknown => (JSON.parse(stdout) as Printed).tasks;
  expect(figuresOf(again)).toEqual(figuresOf(whole));
  expect(readFileSync(join(units, finishedUnits[0]!, 'manifest.json'), 'utf8')).toBe(before);
  expect(checkpointOf('alone')).toBeUndefined();
});

/** Train rows of both parts of the sequential unit, as `study.md` says. */
function trainRowsOf(out: string): { trainRows: number; file: string } {
  const file = readFileSync(join(out, 'study.md'), 'utf8');
  const counts = [...file.matchAll(/: (\d+) train and/g)].map((match) => Number(match[1]));
  return { trainRows: counts.reduce((sum, count) => sum + count, 0), file };
}

describe('one sentence and exit 2 refuse', () => {
  const refuse = async (sentence: RegExp, ...words: string[]): Promise<void> => {
    const kind = words.includes('--kind') ? [] : ['--kind', 'length'];
    const { code, stdout, stderr } = await study(
      '--epochs',
      '1',
      '--seeds',
      '1',
      ...kind,
      ...words,
      '--json',
    );
    expect({ code, stderr }).toEqual({ code: 2, stderr: expect.stringMatching(sentence) as string });
    expect(stderr.trimEnd().split('\n')).toHaveLength(1);
    expect(Object.keys(JSON.parse(stdout) as object)).toEqual(['error']);
  };

  it('lists, tasks and kinds that make no sense', async () => {
    await refuse(/--tasks is a list separated by commas/, '--tasks', 'A,,B');
    await refuse(/--seeds must be a whole number/, '--tasks', TOPIC, '--seeds', '1,x');
    await refuse(/--epochs has 2 numbers for 1 task;/, '--tasks', TOPIC, '--epochs', '1,2');
    await refuse(/--seeds names 1 twice/, '--tasks', TOPIC, '--seeds', '1,1', '--out', temporaryFolder());
    await refuse(/--tasks names topic twice/, '--tasks', `${TOPIC},${TOPIC}`, '--out', temporaryFolder());
    await refuse(/no-such-task/, '--tasks', 'no-such-task');
    await refuse(/needs two tasks as A:B/, '--tasks', TOPIC, '--kind', 'dataset');
    await refuse(/kind/, '--tasks', TOPIC, '--kind', 'weather');
  });

  it('parts that are too small, more clusters than rows, a folder that cannot be made; before anything is trained', async () => {
    const out = join(temporaryFolder(), 'out');
    const small = 'builtin:topic?rows=12&devRows=12';
    await refuse(/least/, '--tasks', small, '--out', out);
    await refuse(/lower --k/, '--tasks', small, '--kind', 'cluster', '--k', '13', '--out', out);
    expect(existsSync(out)).toBe(false);
    writeFileSync(out, '');
    await refuse(
      /cannot make the folder .* \((EEXIST|ENOTDIR)\); choose another/,
      '--tasks',
      TOPIC,
      '--out',
      out,
    );
    const others = temporaryFolder();
    const shift = ['length-shift', '--task', TOPIC, '--data-cache', temporaryFolder(), '--out', others];
    expect((await layerwise('stage', ...shift)).code).toBe(0);
    await refuse(/holds what the stage length-shift made/, '--tasks', TOPIC, '--out', others);
    expect(existsSync(join(others, 'units'))).toBe(false);
  });
});
