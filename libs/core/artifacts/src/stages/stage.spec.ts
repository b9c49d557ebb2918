// When a stage runs and when it is skipped, and what its manifest says.
import { existsSync } from 'node:fs';
import { cp, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { InputError } from '@layerwise/errors';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { z } from 'zod';
import { lockName, writeFileAtomically } from '../files/atomic.js';
import { defineStage, type Stage } from './define-stage.js';
import { digestOf } from '../files/digest.js';
import { readManifest, verifyOutputs, writeManifest } from './manifest.js';
import { readTable } from '../arrow/read-table.js';
import { runStage, stageFolder, stageStatus, type StageResult } from './run-stage.js';
import { defineTable } from '../arrow/schema.js';
import { writeTable } from '../arrow/write-table.js';

let cache: string;
let runs: string[];
let told: { fresh: boolean; versions: object }[];
beforeEach(async () => {
  cache = await mkdtemp(join(tmpdir(), 'stage-'));
  runs = [];
  told = [];
});
afterEach(async () => {
  await rm(cache, { recursive: true, force: true });
});

const numbers = defineTable({
  name: 'numbers',
  version: 1,
  description: 'whole numbers',
  columns: [{ name: 'value', type: 'int32', description: 'a number' }],
});

const counting = defineStage({
  name: 'counting',
  version: 1,
  description: 'counts up',
  parameters: z.object({ upTo: z.int().positive(), seed: z.int().default(1) }),
  after: [],
  outputs: [
    { file: 'numbers.arrow', table: numbers, description: 'the numbers' },
    { file: 'notes/', description: 'remarks' },
    { file: 'extra.txt', description: 'rarely', optional: true },
  ],
  run: async ({ parameters, outputFolder, progress, fresh, versions }) => {
    runs.push('counting');
    told.push({ fresh, versions });
    progress(`counting to ${parameters.upTo}`);
    const value = Int32Array.from({ length: parameters.upTo }, (_, i) => i);
    await writeTable(join(outputFolder, 'numbers.arrow'), numbers, { value });
    await writeFileAtomically(join(outputFolder, 'notes', 'a.txt'), 'counted');
    return { counts: { skipped: 2 }, notes: ['two were odd'] };
  },
});

const doubling = defineStage({
  name: 'doubling',
  version: 1,
  description: 'doubles what was counted',
  parameters: z.object({}),
  after: ['counting'],
  inputs: { counted: { reads: 'path', from: 'counting', description: 'what was counted' } },
  outputs: [{ file: 'doubled.arrow', table: numbers, description: 'the doubled numbers' }],
  run: async ({ input, outputFolder }) => {
    runs.push('doubling');
    const table = await readTable(join(input('counted'), 'numbers.arrow'), numbers);
    const value = table.column('value').map((number) => 2 * number);
    await writeTable(join(outputFolder, 'doubled.arrow'), numbers, { value });
    return undefined;
  },
});

const folderOf = (stage: Stage): string => stageFolder(cache, 'small', stage.name);
const count = (upTo: number, more: object = {}): Promise<StageResult> =>
  runStage(counting, { parameters: { upTo }, inputs: {}, outputFolder: folderOf(counting), ...more });
const double = (more: object = {}): Promise<StageResult> =>
  runStage(doubling, {
    parameters: {},
    inputs: { counted: folderOf(counting) },
    outputFolder: folderOf(doubling),
    ...more,
  });

test('the manifest says how the outputs came about', async () => {
  const lines: string[] = [];
  const before = Date.now();
  const { manifest, skipped } = await count(3, {
    progress: (line: string) => lines.push(line),
    versions: { zod: '4' },
  });
  expect(skipped).toBe(false);
  expect(lines).toEqual(['counting to 3']);
  expect(folderOf(counting)).toBe(join(cache, 'small', 'counting'));
  expect(await readManifest(folderOf(counting))).toEqual(manifest);
  expect(manifest).toMatchObject({
    stage: 'counting',
    stageVersion: 1,
    parameters: { upTo: 3, seed: 1 },
    seed: 1,
    inputs: [],
    counts: { skipped: 2 },
    notes: ['two were odd'],
  });
  expect(manifest.outputs.map(({ file }) => file)).toEqual(['numbers.arrow', 'notes/a.txt']);
  expect(manifest.outputs[1]).toEqual({ file: 'notes/a.txt', digest: digestOf('counted'), bytes: 7 });
  expect(told).toEqual([{ fresh: false, versions: { zod: '4' } }]);
  expect(manifest.versions).toMatchObject({ node: process.versions.node, zod: '4' });
  expect(manifest.versions['apache-arrow']).toMatch(/^\d+\.\d+\.\d+$/);
  expect(Date.parse(manifest.started)).toBeGreaterThanOrEqual(before);
  expect(manifest.durationSeconds).toBeGreaterThan(0);
});

describe('a stage', () => {
  test('is skipped when nothing changed, and by force is not', async () => {
    const first = await count(3);
    const again = await count(3);
    expect(again).toEqual({ manifest: first.manifest, skipped: true });
    expect(runs).toEqual(['counting']);
    expect((await count(3, { force: true })).skipped).toBe(false);
    expect(runs).toEqual(['counting', 'counting']);
    // Begun anew where it was finished; a forced run that was stopped leaves no manifest, and goes on.
    await rm(join(folderOf(counting), 'manifest.json'));
    await count(3, { force: true });
    expect(told.map(({ fresh }) => fresh)).toEqual([false, true, false]);
  });

  test('runs again for other parameters, another version, a changed or missing output, a broken manifest', async () => {
    await count(3);
    expect((await count(4)).skipped).toBe(false);
    const raised = { ...counting, version: 2 };
    const runRaised = (): Promise<StageResult> =>
      runStage(raised, { parameters: { upTo: 4 }, inputs: {}, outputFolder: folderOf(counting) });
    expect((await runRaised()).skipped).toBe(false);
    expect((await runRaised()).skipped).toBe(true);

    const output = join(folderOf(counting), 'notes', 'a.txt');
    await writeFile(output, 'Counted');
    await expect(verifyOutputs(folderOf(counting))).rejects.toThrow(/a\.txt has the digest/);
    expect((await runRaised()).skipped).toBe(false);
    await rm(output);
    expect((await runRaised()).skipped).toBe(false);
    await writeFile(join(folderOf(counting), 'manifest.json'), '{"stage"');
    expect((await runRaised()).skipped).toBe(false);
    expect((await runRaised()).skipped).toBe(true);
  });

  test('runs again when an upstream output is another, and not when it is made anew with the same bytes', async () => {
    await count(3);
    expect((await double()).manifest.inputs).toMatchObject([{ name: 'counted', path: folderOf(counting) }]);
    expect((await double()).skipped).toBe(true);
    await count(3, { force: true });
    expect((await double()).skipped).toBe(true);
    await count(4);
    expect((await double()).skipped).toBe(false);
    const table = await readTable(join(folderOf(doubling), 'doubled.arrow'), numbers);
    expect([...table.column('value')]).toEqual([0, 2, 4, 6]);
  });

  test('runs again when the bytes of an input change behind its manifest, not when its folder moves or gets pictures', async () => {
    await count(3);
    await double();
    const moved = join(cache, 'moved');
    await cp(folderOf(counting), moved, { recursive: true });
    await mkdir(join(moved, 'plots'));
    await writeFile(join(moved, 'plots', 'a.svg'), '<svg/>');
    const again = (): Promise<StageResult> => double({ inputs: { counted: moved } });
    expect((await again()).skipped).toBe(true);
    await writeFile(join(moved, 'notes', 'a.txt'), 'tampered');
    expect((await again()).skipped).toBe(false);
    await rm(join(moved, 'notes', 'a.txt'));
    await expect(again()).rejects.toThrow(/cannot read .*a\.txt: it does not exist/);
  });

  test("has a part of another stage's folder as its input, several inputs, or none where that is allowed", async () => {
    await count(3);
    const seen: (readonly string[])[] = [];
    const reading = defineStage({
      name: 'reading',
      version: 1,
      description: 'reads what is there',
      parameters: z.object({}),
      after: ['counting'],
      inputs: {
        notes: { reads: 'path', from: 'counting/notes', description: 'remarks' },
        more: { reads: 'path', optional: true, many: true, description: 'more of them' },
      },
      outputs: [{ file: 'read.txt', description: 'which' }],
      run: async ({ input, inputs, outputFolder }) => {
        seen.push([input('notes'), ...inputs('more')]);
        await writeFile(join(outputFolder, 'read.txt'), 'read');
        return undefined;
      },
    });
    const notes = join(folderOf(counting), 'notes');
    const read = (more?: readonly string[]): Promise<StageResult> =>
      runStage(reading, {
        parameters: {},
        inputs: { notes, ...(more !== undefined && { more }) },
        outputFolder: folderOf(reading),
      });
    expect((await read()).skipped).toBe(false);
    expect((await read([join(notes, 'a.txt'), notes])).skipped).toBe(false);
    expect((await read([notes, join(notes, 'a.txt')])).skipped).toBe(false);
    expect(seen).toEqual([
      [notes],
      [notes, join(notes, 'a.txt'), notes],
      [notes, notes, join(notes, 'a.txt')],
    ]);
    expect((await read([notes, join(notes, 'a.txt')])).skipped).toBe(true);
    await writeFile(join(notes, 'a.txt'), 'other remarks');
    expect((await read([notes, join(notes, 'a.txt')])).skipped).toBe(false);
  });

  test('runs again when a source outside of the pipeline changes', async () => {
    const source = join(cache, 'rows.txt');
    await writeFile(source, 'one');
    const copying = defineStage({
      name: 'copying',
      version: 1,
      description: 'copies a file',
      parameters: z.object({ source: z.string() }),
      after: [],
      outputs: [{ file: 'copy.txt', description: 'the copy' }],
      sources: (parameters) => ({ rows: parameters.source }),
      run: async ({ parameters, outputFolder }) => {
        await writeFile(join(outputFolder, 'copy.txt'), await readFile(parameters.source));
        return undefined;
      },
    });
    const copy = (path: string): Promise<StageResult> =>
      runStage(copying, { parameters: { source: path }, inputs: {}, outputFolder: folderOf(copying) });
    expect((await copy(source)).manifest.inputs).toEqual([
      { name: 'rows', path: source, digest: digestOf('one') },
    ]);
    expect((await copy(source)).skipped).toBe(true);
    await writeFile(source, 'two');
    expect((await copy(source)).skipped).toBe(false);
    await expect(copy(join(cache, 'none.txt'))).rejects.toThrow(/cannot read .*none\.txt: it does not exist/);
  });
});

describe('no manifest is left', () => {
  const manifestExists = (): boolean => existsSync(join(folderOf(counting), 'manifest.json'));

  test('when the run fails, even where an earlier one succeeded', async () => {
    await count(3);
    const failing: typeof counting = {
      ...counting,
      run: () => Promise.reject(new Error('the tide came in')),
    };
    const options = { parameters: { upTo: 5 }, inputs: {}, outputFolder: folderOf(counting) };
    await expect(runStage(failing, options)).rejects.toThrow('the tide came in');
    expect(manifestExists()).toBe(false);
    expect((await count(3)).skipped).toBe(false);
  });

  test('when a declared output was not written', async () => {
    const lazy: typeof counting = { ...counting, run: () => Promise.resolve(undefined) };
    const options = { parameters: { upTo: 5 }, inputs: {}, outputFolder: folderOf(counting) };
    await expect(runStage(lazy, options)).rejects.toThrow(/counting did not write numbers\.arrow/);
    expect(manifestExists()).toBe(false);
  });

  test('when it is aborted before or during the run', async () => {
    const controller = new AbortController();
    const aborted: typeof counting = {
      ...counting,
      run: async (context) => {
        const report = await counting.run(context);
        controller.abort(new Error('enough'));
        return report;
      },
    };
    const options = {
      parameters: { upTo: 5 },
      inputs: {},
      outputFolder: folderOf(counting),
      signal: controller.signal,
    };
    await expect(runStage(aborted, options)).rejects.toThrow('enough');
    expect(manifestExists()).toBe(false);
    await count(5);
    await expect(runStage(counting, { ...options, force: true })).rejects.toThrow('enough');
    expect(manifestExists()).toBe(true);
  });
});

describe('refused with a sentence', () => {
  test('wrong parameters', async () => {
    await expect(count(0)).rejects.toThrow(InputError);
    await expect(count(0)).rejects.toThrow(/^stage counting: parameter upTo is wrong: /);
    expect(runs).toEqual([]);
  });

  test('an input that is not given, given twice or not there', async () => {
    const options = { parameters: {}, outputFolder: folderOf(doubling) };
    await expect(runStage(doubling, { ...options, inputs: {} })).rejects.toThrow(
      /^stage doubling needs counted: what was counted$/,
    );
    const twice = { ...options, inputs: { counted: [cache, cache] } };
    await expect(runStage(doubling, twice)).rejects.toThrow(/takes one counted, not 2/);
    await expect(double()).rejects.toThrow(/cannot read .*counting: it does not exist/);
    await expect(double()).rejects.toThrow(InputError);
  });
});

test("an output folder that is an input, lies in one, holds one, or is another stage's, is refused untouched", async () => {
  await count(3);
  const counted = folderOf(counting);
  for (const outputFolder of [counted, join(counted, 'below'), cache]) {
    await expect(double({ outputFolder })).rejects.toThrow(/cannot write to .* one lies in the other/);
    await expect(double({ outputFolder })).rejects.toThrow(InputError);
  }
  await double();
  const options = { parameters: { upTo: 5 }, inputs: {}, outputFolder: folderOf(doubling) };
  await expect(runStage(counting, options)).rejects.toThrow(
    /doubling holds what the stage doubling made; choose another output folder for the stage counting/,
  );
  expect((await double()).skipped).toBe(true);
  // A name that begins alike is another folder.
  expect((await double({ outputFolder: `${counted}-too` })).skipped).toBe(false);
});

test('a declaration that contradicts itself is refused, and so is reading what it does not name', async () => {
  expect(() => defineStage({ ...counting, name: 'Counting up' })).toThrow(/kebab-case/);
  expect(() => defineStage({ ...counting, version: 0 })).toThrow(/version/);
  expect(() => defineStage({ ...counting, after: ['counting'] })).toThrow(/after itself/);
  expect(() => defineStage({ ...counting, outputs: [] })).toThrow(/no output/);
  const prying: typeof counting = {
    ...counting,
    run: ({ input }) => Promise.reject(new Error(input('elsewhere'))),
  };
  const options = { parameters: { upTo: 5 }, inputs: {}, outputFolder: folderOf(counting) };
  await expect(runStage(prying, options)).rejects.toThrow(
    /reads elsewhere, which its declaration's "inputs" does not name/,
  );
  await expect(runStage(counting, { ...options, inputs: { elsewhere: cache } })).rejects.toThrow(
    /has no input elsewhere/,
  );
  const counted = { reads: 'path', description: 'what was counted' } as const;
  expect(() => defineStage({ ...doubling, inputs: { counted: { ...counted, from: 'halving' } } })).toThrow(
    /comes from halving, which "after" does not name/,
  );
  expect(() => defineStage({ ...counting, inputs: { upTo: counted } })).toThrow(
    /both an input and a parameter/,
  );
});

test('a malformed manifest is never written', async () => {
  const { manifest } = await count(2);
  const wrong = { ...manifest, started: 'yesterday' };
  await expect(writeManifest(cache, wrong)).rejects.toThrow();
  expect(await readdir(cache)).toEqual(['small']);
});

describe('the status of a stage', () => {
  const options = (parameters: { upTo: number; seed?: number }) => ({
    parameters,
    inputs: {},
    outputFolder: stageFolder(cache, 'quick', 'counting'),
  });
  const why = async (stage: typeof counting, parameters: { upTo: number; seed?: number }) => {
    const status = await stageStatus(stage, options(parameters));
    return status.upToDate ? null : status.why;
  };

  test('says what has changed, and runs nothing', async () => {
    expect(await why(counting, { upTo: 3 })).toBe('never run to its end');
    await runStage(counting, options({ upTo: 3 }));
    expect(await why(counting, { upTo: 3 })).toBeNull();
    expect(await why(counting, { upTo: 4 })).toBe('upTo was 3 and is 4');
    expect(await why({ ...counting, version: 2 }, { upTo: 3 })).toBe('the stage has changed');
    await writeFile(join(cache, 'quick/counting/notes/a.txt'), 'tampered');
    expect(await why(counting, { upTo: 3 })).toContain('a.txt');
    expect(runs).toEqual(['counting']);
  });

  test('names an input that has changed', async () => {
    const file = join(cache, 'in.txt');
    const reading = defineStage({
      ...counting,
      name: 'reading',
      inputs: { text: { reads: 'path', description: 'a text' } },
    });
    const given = { parameters: { upTo: 2 }, inputs: { text: file }, outputFolder: join(cache, 'reading') };
    await writeFile(file, 'one');
    await runStage(reading, given);
    await writeFile(file, 'two');
    expect(await stageStatus(reading, given)).toEqual({ upToDate: false, why: 'text has changed' });
  });
});

describe('a folder that is being written', () => {
  test('is refused to a second run, which removes nothing', async () => {
    await count(3);
    const files = await readdir(folderOf(counting));
    const lock = join(folderOf(counting), lockName);
    await writeFile(lock, `${hostname()}\n${process.ppid}\n`);
    await expect(count(4)).rejects.toThrow(
      `${folderOf(counting)} is being written by process ${process.ppid}: wait for it, or delete ${lock}`,
    );
    expect((await readdir(folderOf(counting))).sort()).toEqual([...files, lockName].sort());
    // What is finished needs no lock.
    expect((await count(3)).skipped).toBe(true);
    await writeFile(lock, `${hostname()}\n999999999\n`);
    await count(4);
    expect(await readdir(folderOf(counting))).not.toContain(lockName);
  });

  test('is one of two runs in one process at a time; the other finds it finished or is refused', async () => {
    const ends = await Promise.allSettled([count(3), count(3)]);
    expect(runs).toEqual(['counting']);
    expect(ends.filter(({ status }) => status === 'fulfilled').length).toBeGreaterThan(0);
  });

  test('is no longer locked after a failure', async () => {
    const failing = { ...counting, run: () => Promise.reject(new Error('the tide came in')) };
    const options = { parameters: { upTo: 3 }, inputs: {}, outputFolder: folderOf(counting) };
    await expect(runStage(failing, options)).rejects.toThrow('the tide came in');
    // Nor is there a folder with nothing in it.
    expect(await readdir(join(folderOf(counting), '..'))).toEqual([]);
    await count(3);
  });
});

test('a clock that is set back while a stage runs spoils nothing', async () => {
  vi.useFakeTimers({ toFake: ['Date'] });
  try {
    const late = {
      ...counting,
      run: (given: Parameters<typeof counting.run>[0]) => {
        vi.setSystemTime(Date.now() - 3_600_000);
        return counting.run(given);
      },
    };
    const options = { parameters: { upTo: 3 }, inputs: {}, outputFolder: folderOf(counting) };
    const { manifest } = await runStage(late, options);
    expect(manifest.durationSeconds).toBeGreaterThanOrEqual(0);
    expect(manifest.durationSeconds).toBeLessThan(60);
  } finally {
    vi.useRealTimers();
  }
});
