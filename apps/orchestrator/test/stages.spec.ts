/** Stages from the command line: presets, options made from a schema, one run and its skip. */
import { existsSync, mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { Command } from 'commander';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { createProgram } from '../src/main.js';
import { runCommand } from '../src/running/run-command.js';
import { addFlags } from '../src/options/flags.js';
import { entriesOf } from '../src/stages/entries.js';
import { parsePreset, presetNames, readPreset, withEnvironment } from '../src/stages/preset.js';
import { loadStage, stageNames } from '../src/stages/registry.js';

const root = resolve(import.meta.dirname, '../../..');
const quick = join(import.meta.dirname, 'presets/quick.yaml');
const presets = await presetNames();
let cache: string;

beforeAll(() => {
  cache = mkdtempSync(join(tmpdir(), 'layerwise-stages-'));
});

afterAll(() => {
  rmSync(cache, { recursive: true });
});

async function run(...words: string[]): Promise<{ code: number; stdout: string; stderr: string }> {
  const written = { stdout: '', stderr: '' };
  const streams = {
    stdout: (text: string) => void (written.stdout += text),
    stderr: (text: string) => void (written.stderr += text),
  };
  return { code: await runCommand(await createProgram(streams), words, streams), ...written };
}

describe('the registry', () => {
  it('has every stage that a lib declares, under its own name', async () => {
    const libs = readdirSync(join(root, 'libs'))
      .flatMap((floor) => readdirSync(join(root, 'libs', floor)).map((lib) => join(floor, lib)))
      .filter((lib) => existsSync(join(root, 'libs', lib, 'src/stage.ts')));
    expect(stageNames).toHaveLength(libs.length);
    for (const name of stageNames) expect((await loadStage(name)).name).toBe(name);
  });

  it('comes in an order in which every stage follows those it names', async () => {
    const seen: string[] = [];
    for (const name of stageNames) {
      expect(seen).toEqual(expect.arrayContaining([...(await loadStage(name)).after]));
      seen.push(name);
    }
  });
});

describe('presets', () => {
  it.each(presets)('%s gives every stage parameters that it accepts', async (name) => {
    const preset = await readPreset(name);
    for (const stageName of stageNames) {
      const { parameters, inputs = {} } = await loadStage(stageName);
      for (const { name: entry, values } of entriesOf(preset, stageName, name)) {
        const given = withEnvironment(values, {
          GLUE: '/glue',
          ENCODER: '/encoder',
          CORPUS: '/corpus',
        }) as Record<string, unknown>;
        const rest = Object.fromEntries(Object.entries(given).filter(([key]) => !Object.hasOwn(inputs, key)));
        expect([entry, parameters.strict().safeParse(rest).error?.issues ?? []]).toEqual([entry, []]);
      }
    }
  });

  it('are found by their files', async () => {
    expect(await presetNames()).toEqual(expect.arrayContaining(['paper', 'tiny']));
  });

  it.each([
    ['nothing: {}', 'p.yaml has parameters for "nothing", which is no stage; the stages are datasets'],
    ['datasets: 3', 'p.yaml: datasets must be parameters by name.'],
    ['- 1', 'p.yaml: the file must be parameters by name.'],
    ['datasets: [', 'p.yaml is not YAML: '],
  ])('refuse %s', async (text, sentence) => {
    await expect(parsePreset(text, 'p.yaml')).rejects.toThrow(sentence);
  });

  it('may be empty', async () => {
    expect(await parsePreset('# nothing yet\n', 'p.yaml')).toEqual({});
  });

  it('replace environment variables at any depth, and only at the start', () => {
    const value = { a: ['$HOME_OF_TASKS/RTE', 'cost: $5'], b: 3, c: null };
    expect(withEnvironment(value, { HOME_OF_TASKS: '/tasks' })).toEqual({
      a: ['/tasks/RTE', 'cost: $5'],
      b: 3,
      c: null,
    });
    expect(() => withEnvironment('$HOME_OF_TASKS/RTE', {})).toThrow('the environment variable HOME_OF_TASKS');
  });
});

describe('options made from a schema', () => {
  const schema = z.object({
    trainLimit: z.number().int().min(1).optional().describe('rows'),
    rates: z.array(z.number()).default([1e-5]),
    skipBadRows: z.boolean().default(false),
    engine: z.enum(['one', 'two']).optional(),
  });

  function parse(...words: string[]): Record<string, unknown> {
    const command = new Command().exitOverride();
    addFlags(command, schema.shape, { engine: 'two' });
    return command.parse(words, { from: 'user' }).opts();
  }

  it('are parsed by the type of the parameter', () => {
    expect(
      parse('--train-limit', '12', '--rates', '1e-4,2e-5', '--skip-bad-rows', '--engine', 'one'),
    ).toEqual({
      trainLimit: 12,
      rates: [1e-4, 2e-5],
      skipBadRows: true,
      engine: 'one',
    });
    expect(parse('--skip-bad-rows', 'no')).toEqual({ skipBadRows: false });
  });

  it('have no value where none is given, so that the preset holds', () => {
    expect(parse()).toEqual({});
  });

  it.each([
    [['--train-limit', 'ten'], '--train-limit must be a whole number of at least 1, not "ten".'],
    [['--skip-bad-rows', 'maybe'], '--skip-bad-rows must be yes or no, not "maybe".'],
  ])('refuse %j', (words, sentence) => {
    expect(() => parse(...words)).toThrow(sentence);
  });

  it("tell the preset's values in the help", () => {
    const command = new Command();
    addFlags(command, schema.shape, { engine: 'two' });
    expect(command.helpInformation()).toMatch(
      /--engine <name>\s+\(default: "two"\) \(choices: "one", "two"\)/,
    );
  });
});

describe('layerwise stage', () => {
  const words = ['stage', 'datasets', '--preset', quick, '--train-limit', '20'];

  it('runs, and skips when nothing has changed', async () => {
    const first = await run(...words, '--data-cache', cache, '--json');
    expect(first.code).toBe(0);
    expect(JSON.parse(first.stdout)).toMatchObject({
      stage: 'datasets',
      preset: 'quick',
      folder: join(cache, 'quick/datasets'),
      skipped: false,
      manifest: { counts: { originalTrain: 20 } },
    });
    const file = join(cache, 'quick/datasets/original/train.arrow');
    const written = readFileSync(file);
    const second = await run(...words, '--data-cache', cache, '--json');
    expect(JSON.parse(second.stdout)).toMatchObject({ skipped: true });
    expect(readFileSync(file).equals(written)).toBe(true);
    const forced = await run(...words, '--data-cache', cache, '--json', '--force');
    expect(JSON.parse(forced.stdout)).toMatchObject({ skipped: false });
  });

  it.each([
    [['--train-limit', '0'], '--train-limit must be a whole number of at least 1, not "0".'],
    [['--trainlimit', '3'], "unknown option '--trainlimit'"],
    [['--preset', 'none'], 'there is no preset "none"'],
    [['--original', 'builtin:nothing'], 'There is no built-in task "nothing"'],
  ])('refuses %j in one sentence', async (more, sentence) => {
    const { code, stdout, stderr } = await run('stage', 'datasets', '--data-cache', cache, ...more);
    expect([code, stdout]).toEqual([2, '']);
    expect(stderr).toContain(sentence);
    expect(stderr.trim().split('\n')).toHaveLength(1);
  });

  it('lists its parameters', async () => {
    const { code, stdout } = await run('stage', 'datasets', '--help');
    expect(code).toBe(0);
    expect(stdout).toContain('--original <value>');
    expect(stdout).toContain('"builtin:sentiment?rows=704');
  });
});

it('layerwise stage --list lists them with what they read, write and take', async () => {
  const { stdout } = await run('stage', '--list', '--json');
  expect(JSON.parse(stdout)).toMatchObject({
    stages: expect.arrayContaining([
      expect.objectContaining({ name: 'datasets', after: [], inputs: [] }),
      expect.objectContaining({
        name: 'finetune',
        outputs: expect.arrayContaining(['results.arrow']) as unknown,
      }),
    ]) as unknown[],
    presets,
  });
  const { stdout: text } = await run('stage', '--list');
  for (const name of stageNames) expect(text).toMatch(new RegExp(`^  ${name} .* writes .*\\.$`, 'm'));
});
