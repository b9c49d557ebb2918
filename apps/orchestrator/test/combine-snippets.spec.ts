/**
 * What `layerwise combine --out` leaves: its files, its snippets' groups against our own on BERTs of many
 * depths, and, where there is a Python with PyTorch, transformers, accelerate and timm, the snippets at work
 * on an encoder.
 */
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { verifyOutputs, type CombinationFile } from '@layerwise/artifacts';
import { parameterGroups } from '@layerwise/combination';
import {
  classifierTensors,
  createTinyEncoderFolder,
  encoderTensors,
  layerOf,
  openEncoder,
  type EncoderConfig,
} from '@layerwise/model';
import {
  assignGroups,
  isEmptyGroup,
  layerGrouping,
  paperGrouping,
  parsePatternGroups,
  type Grouping,
} from '@layerwise/optimizers';
import { layerwise, temporaryFolder } from './command.js';

/** Ten rates a trial, from 1e-6 to 1e-5 in the better one. */
const RATES = Array.from({ length: 10 }, (_, group) => (group + 1) * 1e-6);

function log(): string {
  const file = join(temporaryFolder(), 'river.csv');
  writeFileSync(file, [0.9, 0.8, 0.7, ...RATES, 0.9, 0.5, 0.4, ...RATES.map((rate) => rate * 4)].join(','));
  return file;
}

async function combined(...words: string[]): Promise<{ out: string; read: (name: string) => string }> {
  const out = join(temporaryFolder(), 'combined');
  const { code, stderr } = await layerwise('combine', log(), '--out', out, '--resamples', '20', ...words);
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  return { out, read: (name) => readFileSync(join(out, name), 'utf8') };
}

describe('combine --out', () => {
  it('leaves JSON, figure, snippets and a manifest that lists them', async () => {
    const { out, read } = await combined('--weights', 'best');
    const manifest = await verifyOutputs(out);
    expect(manifest).toMatchObject({
      stage: 'combine',
      seed: 1,
      parameters: { weights: 'best', resamples: 20 },
    });
    expect(manifest.inputs).toMatchObject([
      { name: 'trials', path: expect.stringMatching(/river\.csv$/) as string },
    ]);
    expect(manifest.outputs.map(({ file }) => file).sort()).toEqual([
      'combination.json',
      'distribution.png',
      'distribution.svg',
      'huggingface_trainer.py',
      'parameter_groups.py',
      'timm_layer_decay.py',
    ]);
    const json = JSON.parse(read('combination.json')) as CombinationFile;
    json.rates.forEach((rate, i) => expect(rate / RATES[i]!).toBeCloseTo(1, 12));
    expect(json.option.split(',').map(Number)).toEqual(json.rates);
    expect(read('distribution.svg')).toContain('river');
    expect(read('parameter_groups.py')).toMatch(
      /\("part 1", 2\.\d*e-6, r"\^encoder\\\.layer\\\.\(\?:0\|1\)\\\."\)/,
    );
  });

  it('does the same again over what it left, and leaves alone what is not its own', async () => {
    const { out, read } = await combined();
    const before = read('combination.json');
    const file = log();
    expect((await layerwise('combine', file, '--out', out, '--resamples', '20')).code).toBe(0);
    expect(read('combination.json')).toBe(before);
    writeFileSync(join(out, 'manifest.json'), read('manifest.json').replace('"combine"', '"finetune"'));
    const refused = await layerwise('combine', file, '--out', out);
    expect(refused.code).toBe(2);
    expect(refused.stderr).toContain('holds what the stage finetune made');
  });

  it('refuses a depth without files to write, and one that the rates do not carry to', async () => {
    const alone = await layerwise('combine', log(), '--layers', '6');
    expect(alone.stderr).toContain('--layers is of the snippets, which are written with --out');
    const { read } = await combined('--layers', '4');
    // Of four layers, rounded up, parts 1, 3, 5 and 7 hold one each.
    const snippet = read('parameter_groups.py');
    expect(
      [...snippet.matchAll(/^ {4}\("(.*?)", .*layer\\\.\(\?:(.*?)\)/gm)].map(([, name, own]) => [name, own]),
    ).toEqual([
      ['part 1', '0'],
      ['part 3', '1'],
      ['part 5', '2'],
      ['part 7', '3'],
    ]);
  });
});

/** Names of a classification model's tensors, without the prefix. */
function namesOf(config: EncoderConfig): string[] {
  return [...encoderTensors(config), ...classifierTensors(config, 2)].map(({ name }) => name);
}

const PATTERNS = `
- name: attention
  patterns: ['encoder.layer.*.attention.*']
- name: the rest
  patterns: ['embeddings.*', '/^encoder\\.layer\\.\\d+\\.(intermediate|output)\\./', '{pooler,classifier}.*']
`;

describe("a snippet's groups are ours", () => {
  const groupings: [string, (layers: number) => Grouping][] = [
    ['paper', (layers) => paperGrouping(layers)],
    ['paper-ceil', (layers) => paperGrouping(layers, 'paper-ceil')],
    ['layers', layerGrouping],
    ['patterns', () => parsePatternGroups(PATTERNS, 'groups.yaml')],
  ];
  it.each(groupings)('%s, on 1 to 24 layers', (_, of) => {
    const fixture = openEncoder(
      resolve(import.meta.dirname, '../../../libs/compute/model/fixtures/bert'),
    ).config;
    for (const layers of [1, 2, 3, 4, 6, 8, 12, 24]) {
      const grouping = of(layers);
      const config = { ...fixture, layers };
      const names = namesOf(config);
      const ours = assignGroups(grouping, names, (name) => layerOf(config, name));
      const rates = grouping.groups.map((group, i) => (isEmptyGroup(group) ? null : (i + 1) * 1e-6));
      const groups = parameterGroups({ grouping, rates, layers });
      names.forEach((name, i) => {
        const found = groups.filter(({ pattern }) => new RegExp(pattern).test(name));
        expect(
          found.map((group) => group.name),
          `${name} of ${layers} layers`,
        ).toEqual([grouping.groups[ours[i] ?? -1]?.name]);
        expect(found[0]?.rate).toBe(rates[ours[i] ?? -1]);
      });
    }
  });

  it('a layer beyond the depth falls into none', () => {
    const grouping = paperGrouping(6);
    const groups = parameterGroups({ grouping, rates: grouping.groups.map(() => 1e-5), layers: 6 });
    const held = (name: string): string[] =>
      groups.filter(({ pattern }) => new RegExp(pattern).test(name)).map((group) => group.name);
    expect(held('encoder.layer.6.output.dense.weight')).toEqual([]);
    expect(held('encoder.layer.5.output.dense.weight')).toEqual(['part 8']);
    expect(held('classifier.weight')).toEqual(['head']);
  });
});

const python = process.env['LAYERWISE_PYTHON'] ?? 'python3';

function hasPackages(): boolean {
  try {
    execFileSync(python, ['-c', 'import torch, transformers, accelerate, timm'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

type Rates = Record<string, number>;
interface Applied {
  readonly plain: Rates;
  readonly moved: Rates;
  readonly wrapped: number;
  readonly decayed: [boolean, number][];
  readonly timm: Rates;
  readonly trainer: Rates[];
  readonly deeper: [string, string];
  readonly shorter: [string, string];
}

describe.skipIf(!hasPackages())(
  'in Python (set LAYERWISE_PYTHON to one with PyTorch, transformers, accelerate and timm; LAYERWISE_ENCODER for an encoder of yours)',
  () => {
    it(
      'every tensor gets the rate of its group, by each snippet, and moves by it',
      { timeout: 300_000 },
      async () => {
        const encoder = process.env['LAYERWISE_ENCODER'] ?? (await tinyEncoder());
        const { config } = openEncoder(encoder);
        const { out } = await combined('--weights', 'best', '--layers', String(config.layers));
        const script = resolve(import.meta.dirname, 'run_snippets.py');
        const stdout = execFileSync(python, [script, resolve(encoder)], {
          cwd: out,
          encoding: 'utf8',
          stdio: ['ignore', 'pipe', 'ignore'],
        });
        const applied = JSON.parse(stdout) as Applied;

        const grouping = paperGrouping(config.layers, 'paper-ceil');
        const names = namesOf(config);
        const groups = assignGroups(grouping, names, (name) => layerOf(config, name));
        const wanted = new Map(names.map((name, i) => [name, RATES[groups[i] ?? -1]!]));
        const bare = (name: string): string => name.replace(/^bert\./, '');
        expect(Object.keys(applied.plain).map(bare).sort()).toEqual([...names].sort());
        for (const [name, rate] of Object.entries(applied.plain)) {
          expect(rate / wanted.get(bare(name))!, name).toBeCloseTo(1, 9);
          // A key's bias shifts all scores of a row alike: its gradient is 0 but for rounding.
          if (name.endsWith('key.bias')) continue;
          expect(Math.abs(applied.moved[name]! / rate - 1), name).toBeLessThan(0.1);
        }
        expect(applied.wrapped).toBe(names.length);
        expect(applied.decayed).toEqual([
          [false, 0],
          [true, 0.01],
        ]);

        // The Trainer's linear schedule multiplies each group's own rate; its learning_rate of 0.123 is
        // nowhere.
        expect(applied.trainer).toHaveLength(4);
        const own = grouping.groups.flatMap((group, i) =>
          isEmptyGroup(group) ? [] : [[group.name, RATES[i]!] as const],
        );
        applied.trainer.forEach((step, i) => {
          expect(Object.keys(step)).toEqual(own.map(([name]) => name));
          for (const [name, rate] of own) expect(step[name]! / rate, name).toBeCloseTo(1 - i / 4, 9);
        });

        // Rates fall, or rise, by one factor from layer to layer.
        const one = (name: string): number => applied.timm[name]!;
        const word = (layer: number): number => one(`bert.encoder.layer.${layer}.output.dense.bias`);
        const factor = word(0) / word(1);
        const ladder = [
          one('bert.embeddings.LayerNorm.bias'),
          ...Array.from({ length: config.layers }, (_, layer) => word(layer)),
          one('classifier.weight'),
        ];
        ladder.slice(1).forEach((rate, i) => expect(ladder[i]! / rate).toBeCloseTo(factor, 6));
        expect(one('bert.pooler.dense.weight')).toBe(one('classifier.bias'));
        expect(factor).not.toBeCloseTo(1, 2);

        for (const sentence of [...applied.deeper, ...applied.shorter]) {
          expect(sentence).toMatch(
            /must fall into exactly one layer group|of another depth or kind|beyond the/,
          );
        }
      },
    );
  },
);

async function tinyEncoder(): Promise<string> {
  const folder = join(temporaryFolder(), 'tiny');
  const words = Array.from({ length: 40 }, (_, i) => `word${i}`);
  await createTinyEncoderFolder(folder, words, { layers: 3, seed: 1 });
  expect(existsSync(join(folder, 'config.json'))).toBe(true);
  return folder;
}
