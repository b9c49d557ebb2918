import { cpSync, existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { viewOf } from '@layerwise/engine';
import { InputError } from '@layerwise/errors';
import { openEncoder, openSafetensors } from '@layerwise/model';
import { parsePatternGroups, recipes } from '@layerwise/optimizers';
import { describe, expect, it } from 'vitest';
import { BERT, prepare, SETTINGS, taskOf, TASKS, temporaryFolder } from '../../test/tiny-run.js';
import { withMethod } from '../methods/methods.js';
import { prepareRun } from './prepare.js';
import { PHASES, type Settings } from '../settings.js';
import { tokenizerOf } from './run.js';

const print = async (changes: Partial<Settings> = {}, tasks = TASKS): Promise<string> =>
  (await prepare({ ...SETTINGS, ...changes }, tasks)).fingerprint;

describe('the fingerprint', () => {
  it('is the same for the same run, and another one for every setting', async () => {
    const changes: Partial<Settings>[] = [
      { seed: 8 },
      { threads: 2 },
      { batch: 5 },
      { accumulate: 2 },
      { dropout: 0.2 },
      { groupByLength: true },
      { clipNorm: 1 },
      { schedule: 'linear' },
      { warmup: 0.1 },
      { maximumLength: 12 },
      { optimizer: recipes.adamw },
      { optimizer: { ...recipes.adamw, weightDecay: 0.1 } },
      { epochs: { original: 2, shifted: 3 } },
      { rates: SETTINGS.rates.map((rate) => (rate === null ? null : rate * 2)) },
    ];
    const prints = await Promise.all(changes.map((change) => print(change)));
    const own = await print();
    expect(new Set([own, ...prints]).size).toBe(changes.length + 1);
    expect(await print()).toBe(own);
  });

  it('changes with a text and with a label', async () => {
    const rows = [
      ['a quiet river', null, 0],
      ['a loud horn', null, 1],
    ] as const;
    const task = (train: readonly (readonly [string, null, number])[]) => ({
      ...TASKS,
      original: taskOf('small', { labels: ['calm', 'loud'], train, dev: rows }),
    });
    const prints = await Promise.all([
      print({}, task(rows)),
      print(
        {},
        task([
          ['a quiet river', null, 1],
          ['a loud horn', null, 1],
        ]),
      ),
      print(
        {},
        task([
          ['a quiet lamp', null, 0],
          ['a loud horn', null, 1],
        ]),
      ),
    ]);
    expect(new Set(prints).size).toBe(3);
  });
});

it("the fingerprint changes with a number in a shard, which the shards' index does not show", async () => {
  const folder = temporaryFolder();
  cpSync(BERT, folder, { recursive: true });
  renameSync(join(folder, 'model.safetensors'), join(folder, 'shard.safetensors'));
  const names = [...openSafetensors(join(folder, 'shard.safetensors')).tensors.keys()];
  const weight_map = Object.fromEntries(names.map((name) => [name, 'shard.safetensors']));
  writeFileSync(join(folder, 'model.safetensors.index.json'), JSON.stringify({ weight_map }));
  const fingerprintNow = async (): Promise<string> => {
    const encoder = openEncoder(folder);
    return (await prepareRun(TASKS, encoder, await tokenizerOf(encoder, null), SETTINGS)).fingerprint;
  };
  const before = await fingerprintNow();
  const shard = readFileSync(join(folder, 'shard.safetensors'));
  shard.writeUInt8(shard.readUInt8(shard.length - 4) ^ 1, shard.length - 4);
  writeFileSync(join(folder, 'shard.safetensors'), shard);
  expect(await fingerprintNow()).not.toBe(before);
});

describe('weights', () => {
  it('begin as the folder has them, with two different heads that the seed decides', async () => {
    const one = await prepare(SETTINGS);
    const heads = async (seed: number): Promise<number[][]> => {
      const { state } = await prepare({ ...SETTINGS, seed });
      return PHASES.map((phase) =>
        Array.from(viewOf(state.parameters.floats, state.plan.layout, `head.${phase}.weight`)),
      );
    };
    const name = 'encoder.layer.2.output.dense.weight';
    const stored = openEncoder(BERT).tensors.readTensor(name);
    expect(viewOf(one.state.parameters.floats, one.state.plan.layout, name)).toEqual(stored);
    const [original = [], shifted = []] = await heads(7);
    expect(original.slice(0, shifted.length)).not.toEqual(shifted);
    expect(await heads(7)).toEqual([original, shifted]);
    const others = await heads(8);
    expect(others[0]).not.toEqual(original);
    // Neighbouring seeds share no head.
    expect(others[0]?.slice(0, shifted.length)).not.toEqual(shifted);
  });

  it('hold the rows of words that occur, or all where decay and a penalty pull at every row', async () => {
    const { vocabularySize } = openEncoder(BERT).config;
    const rowsOf = async (settings: Settings): Promise<number> =>
      (await prepare(settings)).state.plan.vocabulary.size;
    expect(await rowsOf(SETTINGS)).toBeLessThan(vocabularySize);
    const decayed = { ...SETTINGS, optimizer: recipes.adamw };
    expect(await rowsOf(decayed)).toBe(await rowsOf(SETTINGS));
    expect(await rowsOf(withMethod(decayed, 'l2-sp', {}, 4))).toBe(vocabularySize);
    expect(await rowsOf(withMethod(SETTINGS, 'l2-sp', {}, 4))).toBeLessThan(vocabularySize);
  });
});

describe('one sentence refuses', () => {
  it('a split without rows', async () => {
    const empty = {
      ...TASKS,
      shifted: taskOf('empty', { labels: ['a', 'b'], train: [], dev: [['x', null, 0]] }),
    };
    await expect(prepare(SETTINGS, empty)).rejects.toThrow(
      new InputError('The train split of the task empty has no rows.'),
    );
  });

  it('groups that leave a tensor out', async () => {
    const text = '- {name: layers, patterns: ["encoder.*"]}\n- {name: heads, patterns: ["head.*"]}\n';
    const grouping = parsePatternGroups(text, 'groups.yaml');
    await expect(prepare({ ...SETTINGS, grouping, rates: [1e-3, 1e-3] })).rejects.toThrow(InputError);
  });

  it.each([
    {
      what: 'token id',
      config: { vocabularySize: 40 },
      reason: /gives the token id \d+ and .* has 40 word embeddings/,
    },
    { what: 'token type', config: { tokenTypes: 1 }, reason: /gives the token type 1 and .* has 1 of them/ },
  ])('a $what without an embedding', async ({ config, reason }) => {
    const encoder = openEncoder(BERT);
    const smaller = { ...encoder, config: { ...encoder.config, ...config } };
    const run = prepareRun(TASKS, smaller, await tokenizerOf(encoder, null), SETTINGS);
    await expect(run).rejects.toThrow(InputError);
    await expect(run).rejects.toThrow(reason);
  });

  it('an encoder without its tokeniser', async () => {
    const encoder = openEncoder(BERT);
    await expect(tokenizerOf({ ...encoder, folder: temporaryFolder() }, null)).rejects.toThrow(InputError);
  });
});

it("cuts texts to the encoder's positions, and keeps tokens in a cache folder", async () => {
  const encoder = openEncoder(BERT);
  const long = taskOf('long', {
    labels: ['a', 'b'],
    train: [['river '.repeat(100), null, 0]],
    dev: [['x', null, 1]],
  });
  const run = await prepare({ ...SETTINGS, maximumLength: 256 }, { ...TASKS, original: long });
  expect(run.tasks.original.train.maximumLength).toBe(encoder.config.maximumPositions);
  const folder = temporaryFolder();
  const cached = await tokenizerOf(encoder, folder);
  const first = await cached(['the river'], null, 24);
  expect(await cached(['the river'], null, 24)).toEqual(first);
  expect(existsSync(folder)).toBe(true);
});
