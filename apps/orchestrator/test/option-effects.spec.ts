/**
 * Every option of every command has an effect: what the command hands to its work, what it prints or how it
 * refuses is another with it than without. Nothing is trained, measured or downloaded: the functions that
 * would do so are recorded and answer with an error.
 */
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { digestOf, trialsTable, writeTable } from '@layerwise/artifacts';
import type * as evaluation from '@layerwise/evaluation';
import { createTinyEncoderFolder } from '@layerwise/model';
import { groupingToJson, layerGrouping } from '@layerwise/optimizers';
import type { Command } from 'commander';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { createProgram } from '../src/main.js';
import { layerwise } from './command.js';
import { SWEPT, type Shown } from './option-effects.js';

const { handed, stubbed } = vi.hoisted(() => {
  const handed: unknown[][] = [];
  const record = (name: string, end: () => object): [string, unknown] => [
    name,
    (...given: unknown[]): Promise<unknown> => {
      handed.push([name, ...given]);
      return Promise.resolve().then(end);
    },
  ];
  const stubbed =
    (stopped: readonly string[], passed: readonly string[] = []) =>
    async (original: () => Promise<object>): Promise<object> => ({
      ...(await original()),
      ...Object.fromEntries([
        ...stopped.map((name) =>
          record(name, () => {
            throw new Error(`${name} is not done here`);
          }),
        ),
        ...passed.map((name) => record(name, () => ({}))),
      ]),
    });
  return { handed, stubbed };
});

vi.mock('@layerwise/finetune', stubbed(['completeRun', 'completeSequence', 'keepRun']));
vi.mock('@layerwise/workers', stubbed([], ['createProcessExecutor']));
vi.mock('@layerwise/search', stubbed(['runSearch']));
vi.mock('@layerwise/pretraining', stubbed(['pretrain'], ['preparePretraining']));
vi.mock('@layerwise/verification', stubbed(['verifyFixture']));
vi.mock('@layerwise/benchmarks', stubbed(['benchmarkStep']));
vi.mock('@layerwise/rate-search', stubbed([], ['bestRows']));
// What alone reaches no run.
vi.mock('@layerwise/evaluation', async (original) => {
  const actual = await original<typeof evaluation>();
  const evaluateMethods: typeof actual.evaluateMethods = (options) => {
    handed.push(['resample', options.resample]);
    return actual.evaluateMethods(options);
  };
  return { ...actual, evaluateMethods };
});
vi.mock('@layerwise/hub', stubbed(['fetchTask', 'fetchModel']));

const root = mkdtempSync(join(tmpdir(), 'layerwise-effects-'));
afterAll(() => rmSync(root, { recursive: true }));

beforeAll(async () => {
  vi.stubEnv('GLUE', '');
  const file = (name: string, text: string): void => {
    mkdirSync(join(root, name, '..'), { recursive: true });
    writeFileSync(join(root, name), text);
  };
  for (const [task, word] of [
    ['one', 'river'],
    ['two', 'lake'],
    ['more', 'sea'],
    ['bad', 'pond'],
    ['missing', 'spring'],
    ['glue/glued', 'brook'],
  ] as const)
    for (const [split, rows] of [
      ['train', 40],
      ['dev', 8],
      ['test', 8],
    ] as const) {
      const lines = Array.from({ length: rows }, (_, row) => {
        const more = ' and on'.repeat(row % 7);
        return `the ${word} ${row}${more},${split} ${row}${more},${row % 2 ? 'up' : 'down'},${row % 3 ? 'in' : 'out'}`;
      });
      const broken =
        task === 'bad' && split === 'train'
          ? ['no label,here,,']
          : task === 'missing'
            ? ['a label,here,nan,nan']
            : [];
      file(`${task}/${split}.csv`, ['text,second,label,other', ...lines, ...broken, ''].join('\n'));
    }
  for (const name of ['corpus', 'other-corpus'])
    file(`${name}/text.txt`, `the ${name} has words. They are few.\n\n`.repeat(60));
  file('space.json', '{"x": {"type": "float", "low": 0, "high": 1}}');
  file('given.json', '{"flat": 3e-4}');
  await createTinyEncoderFolder(join(root, 'encoder'), ['the', 'river'], { hidden: 16, layers: 1 });
  const grouping = layerGrouping(1);
  for (const [name, scale] of [
    ['trials', 1],
    ['other-trials', 7],
  ] as const) {
    const trials = 12;
    const each = <T>(of: (trial: number) => T): T[] =>
      Array.from({ length: trials }, (_, trial) => of(trial));
    const rates = each((t) => [1, 2, 3].map((group) => scale * 1e-5 * (1 + ((t * group * 7) % 11))));
    const columns = {
      trial: Int32Array.from(each((t) => t)),
      repeat_of: each(() => null),
      state: each(() => 'complete'),
      origin: each(() => 'random'),
      bracket: Int32Array.from(each(() => 0)),
      values: rates.map((values) => JSON.stringify(values)),
      rates: {
        offsets: Int32Array.from({ length: trials + 1 }, (_, t) => 3 * t),
        values: Float64Array.from(rates.flat()),
      },
      fidelity: each(() => 1),
      accuracy_original_before: each(() => 0.8),
      accuracy_original: each((t) => 0.5 + 0.01 * ((t * 5) % 12)),
      accuracy_shifted: each(() => 0.6),
      reward: each((t) => 1.1 + 0.01 * ((t * 5) % 12)),
      steps: Int32Array.from(each(() => 4)),
      seconds: Float64Array.from(each(() => 1)),
      seed: BigInt64Array.from(each((t) => BigInt(t))),
    };
    const parameters = [1, 2, 3].map(() => ({ type: 'float', low: 1e-7, high: 1e-3, log: true }));
    await writeTable(join(root, `${name}.arrow`), trialsTable, columns, {
      space: JSON.stringify({ names: ['lr0', 'lr1', 'lr2'], parameters }),
      groups: groupingToJson(grouping),
      pair: name,
    });
  }
  // A search that was begun, for its status.
  await seen(['search', ...SWEPT['search']!.base, '--out', '@search']);
});

/** Without what changes from run to run, and with weights as digests. */
function plain(_: string, value: unknown): unknown {
  if (ArrayBuffer.isView(value)) return digestOf(value);
  if (typeof value === 'bigint') return value.toString();
  if (value instanceof Map) return [...value];
  if (typeof value !== 'object' || value === null) return value;
  // A run stands for its fingerprint: it holds whole models.
  return 'fingerprint' in value && 'state' in value ? value.fingerprint : value;
}

const FIXTURES = join(import.meta.dirname, '../../../libs/compute/model/fixtures');

function place(name: string): string {
  return name.startsWith('fixtures') ? join(FIXTURES, name.slice('fixtures'.length)) : join(root, name);
}

/** All that a command line comes to. */
async function seen(words: readonly string[]): Promise<string> {
  for (const name of ['out', 'other', 'combined']) rmSync(join(root, name), { recursive: true, force: true });
  handed.length = 0;
  const { code, stdout, stderr } = await layerwise(
    ...words.map((word) => (word.startsWith('@') ? place(word.slice(1)) : word)),
  );
  const times = /\d+(\.\d+)? ?m?s\b|median of the last 10: [\d.]+/g;
  return JSON.stringify([handed, code, stdout.replaceAll(times, ''), stderr.replaceAll(times, '')], plain);
}

const known = new Map<string, Promise<string>>();
/** Of a command line that several options are compared with. */
function seenOnce(words: readonly string[]): Promise<string> {
  const key = words.join('\n');
  const found = known.get(key) ?? seen(words);
  known.set(key, found);
  return found;
}

const program = await createProgram({ stdout: () => undefined, stderr: () => undefined });
const flagsOf = (command: Command): string[] => command.options.flatMap(({ long }) => long ?? []);
const leaves = (command: Command, path: string): [string, Command][] =>
  command.commands.length === 0
    ? [[path, command]]
    : command.commands.flatMap((below) => leaves(below, `${path} ${below.name()}`.trim()));
const commands = leaves(program, '');

it('has an entry for every option of every command, and for nothing else', () => {
  for (const [name, command] of commands)
    expect([name, Object.keys(SWEPT[name]?.effects ?? {}).sort()]).toEqual([name, flagsOf(command).sort()]);
  expect(Object.keys(SWEPT).sort()).toEqual(commands.map(([name]) => name).sort());
});

describe.each(Object.entries(SWEPT))('%s', (name, { base, effects }) => {
  const shown = Object.entries(effects).flatMap(([flag, effect]) =>
    'words' in effect ? [[flag, effect] as const] : [],
  );
  const begin = [...name.split(' '), ...base.filter((word) => word !== '')];
  it.each(shown)('%s', async (_, { words, beside = [] }: Shown) => {
    const without = await seenOnce([...begin, ...beside]);
    const with_ = await seen([...begin, ...beside, ...words]);
    expect(with_).not.toBe(without);
    expect(with_).not.toMatch(/unknown option/);
  });
  if (shown.length > 0)
    it('comes to the same twice', async () => {
      expect(await seen(begin)).toBe(await seenOnce(begin));
    });
  for (const [flag, effect] of Object.entries(effects))
    if ('heldBy' in effect)
      it(`${flag} is held by ${effect.heldBy}`, () => {
        expect(readFileSync(join(import.meta.dirname, effect.heldBy), 'utf8')).toContain(flag);
      });
});
