/**
 * Penalties in whole runs: against PyTorch, whose autograd sees them as part of the loss
 * (tools/reference/penalties.py wrote fixtures/penalties.json); and what they do, and leave alone, whatever
 * the numbers are.
 */
import { readFileSync, rmSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { viewOf } from '@layerwise/engine';
import { InputError } from '@layerwise/errors';
import { openSafetensors, writeSafetensors } from '@layerwise/model';
import { describe, expect, it } from 'vitest';
import { PHASES, type Penalty, type Phase, type PreparedRun, type Settings } from '../src/index.js';
import { loadEncoder } from '../src/weights/weights.js';
import {
  BERT,
  largestDifference,
  lossesOf,
  prepare,
  protocol,
  setHeads,
  settingsOf,
  SETTINGS,
  temporaryFolder,
  weightsOf,
} from './tiny-run.js';

interface Expected {
  readonly name: string;
  readonly optimizer: 'adam' | 'sgd';
  readonly batch: number;
  readonly accumulate: number;
  readonly clipNorm: number | null;
  readonly epochs: readonly [number, number];
  readonly penalty:
    | { readonly kind: 'l2-sp'; readonly encoder: number; readonly head: number }
    | { readonly kind: 'ewc'; readonly lambda: number }
    | { readonly kind: 'ewc-standard'; readonly lambda: number; readonly batch: number };
  readonly losses: Readonly<Record<Phase, readonly number[]>>;
  readonly logits: Readonly<Record<Phase | 'originalBefore', readonly number[][]>>;
  readonly moved: Readonly<Record<Phase, number>>;
}

const { runs } = JSON.parse(
  readFileSync(resolve(import.meta.dirname, '../fixtures/penalties.json'), 'utf8'),
) as { readonly runs: readonly Expected[] };

/** The fixture's Fisher information as a file of ours. */
async function storedFisher(folder: string): Promise<string> {
  const stored = openSafetensors(join(BERT, 'expected.safetensors'));
  const tensors = [...stored.tensors].flatMap(([name, { shape }]) =>
    name.startsWith('fisher.bert.')
      ? [{ name: name.slice('fisher.bert.'.length), shape, data: stored.readTensor(name) }]
      : [],
  );
  const file = join(folder, 'fisher.safetensors');
  await writeSafetensors(file, tensors, { metadata: {} });
  return file;
}

async function penaltiesOf(penalty: Expected['penalty'], folder: string): Promise<Penalty[]> {
  if (penalty.kind === 'l2-sp')
    return [
      { anchor: 'pretrained', lambda: penalty.encoder, fisher: null },
      { anchor: 'zero', lambda: penalty.head },
    ];
  const { lambda } = penalty;
  if (penalty.kind === 'ewc')
    return [
      { anchor: 'pretrained', lambda, fisher: { file: await storedFisher(folder), digest: 'fixture' } },
    ];
  return [{ anchor: 'original', lambda, fisher: { texts: 25_000, batch: penalty.batch } }];
}

/** ‖θ − pretrained‖ over the encoder, without the keys' biases, which have no gradient but rounding. */
function moved({ state: { plan, parameters }, encoder }: PreparedRun): number {
  const pretrained = new Float32Array(parameters.length);
  loadEncoder(plan, encoder.tensors, pretrained);
  const names = plan.layout.places
    .map(({ name }) => name)
    .filter((name) => !name.startsWith('head.') && !name.endsWith('key.bias'));
  return Math.hypot(
    ...names.map((name) => {
      const [now, then] = [
        viewOf(parameters.floats, plan.layout, name),
        viewOf(pretrained, plan.layout, name),
      ];
      return Math.hypot(...now.map((value, i) => value - (then[i] ?? NaN)));
    }),
  );
}

describe.each(runs)('$name', (expected) => {
  it('has the losses, logits and movements of PyTorch', async () => {
    const folder = temporaryFolder();
    const settings: Settings = {
      ...settingsOf(expected),
      method: { name: 'held', penalties: await penaltiesOf(expected.penalty, folder) },
    };
    const run = await prepare(settings);
    setHeads(run);
    let before = 0;
    const outcome = await protocol(run, settings, folder, {
      saveBefore: () => {
        before = moved(run);
        return Promise.resolve();
      },
    });
    if (outcome.kind !== 'complete') throw new Error(`the run is ${outcome.kind}`);
    for (const phase of PHASES) {
      expect(largestDifference(lossesOf(outcome, phase), expected.losses[phase])).toBeLessThan(1e-5);
      expect(largestDifference(outcome[phase]!.logits, expected.logits[phase].flat())).toBeLessThan(1e-4);
    }
    expect(before / expected.moved.original).toBeCloseTo(1, 3);
    expect(moved(run) / expected.moved.shifted).toBeCloseTo(1, 3);
  });
});

const held = (penalties: readonly Penalty[], changes: Partial<Settings> = {}): Settings => ({
  ...SETTINGS,
  ...changes,
  method: { name: 'held', penalties },
});
const standard = (lambda: number, texts = 25_000): Penalty[] => [
  { anchor: 'original', lambda, fisher: { texts, batch: 1 } },
];

/** Runs to the end, and gives what is left. */
async function finished(
  settings: Settings,
  options: Parameters<typeof protocol>[3] = {},
): Promise<PreparedRun> {
  const run = await prepare(settings);
  const outcome = await protocol(run, settings, temporaryFolder(), options);
  expect(outcome.kind).toBe('complete');
  return run;
}

describe('a penalty', () => {
  it('with λ = 0 changes no bit', async () => {
    const plain = weightsOf(await finished(SETTINGS));
    expect(weightsOf(await finished(held(standard(0))))).toBe(plain);
    const evenly = held([{ anchor: 'pretrained', lambda: 0, fisher: null }]);
    expect(weightsOf(await finished(evenly))).toBe(plain);
    expect(weightsOf(await finished(held(standard(1e6))))).not.toBe(plain);
  });

  it('anchored after phase 1 leaves phase 1 alone and then holds what matters for it', async () => {
    let after: Float32Array | undefined;
    const settings = held(standard(1e8), { epochs: { original: 2, shifted: 4 } });
    const run = await prepare(settings);
    const before = (one: PreparedRun) => ({
      saveBefore: () => {
        after = one.state.parameters.floats.slice();
        return Promise.resolve();
      },
    });
    await protocol(run, settings, temporaryFolder(), before(run));
    const anchor = after!;
    // What the penalty's coefficients are at the end is λ times the Fisher information after phase 1.
    const fisher = run.state.pull!.coefficients!.floats;
    expect(run.state.pull!.anchor.floats.filter((a, i) => fisher[i]! > 0 && a !== anchor[i])).toHaveLength(0);
    const free = await prepare(SETTINGS);
    await protocol(free, { ...settings, method: { name: 'free' } }, temporaryFolder(), before(free));
    expect(after).toEqual(anchor);
    const order = [...fisher.keys()].filter((i) => fisher[i]! > 0).sort((a, b) => fisher[a]! - fisher[b]!);
    const distance = ({ state }: PreparedRun, places: readonly number[]): number =>
      Math.hypot(...places.map((i) => state.parameters.floats[i]! - anchor[i]!));
    const [low, high] = [order.slice(0, 2000), order.slice(-2000)];
    const kept = (places: readonly number[]): number => distance(run, places) / distance(free, places);
    expect(kept(high)).toBeLessThan(0.5);
    expect(kept(low)).toBeGreaterThan(2 * kept(high));
  });

  it('is refused where what a continued run needs of phase 1 is gone', async () => {
    const settings = held(standard(10));
    const folder = temporaryFolder();
    await stoppedAt(settings, folder, 'shifted', 1);
    rmSync(join(folder, 'after-original.safetensors'));
    await expect(protocol(await prepare(settings), settings, folder)).rejects.toThrow(InputError);
  });

  it.each([
    ['within phase 2', { phase: 'shifted', step: 1 }],
    ['within phase 1', { phase: 'original', step: 2 }],
  ] as const)('stopped %s goes on to the same bits', async (_, { phase, step }) => {
    const settings = held(standard(1e4), { accumulate: 2, batch: 2 });
    const whole = weightsOf(await finished(settings));
    const folder = temporaryFolder();
    await stoppedAt(settings, folder, phase, step);
    const run = await prepare(settings);
    expect((await protocol(run, settings, folder)).kind).toBe('complete');
    expect(weightsOf(run)).toBe(whole);
  });

  it('stopped while Fisher information is taken goes on to the same bits', async () => {
    const settings = held(standard(1e4));
    const whole = weightsOf(await finished(settings));
    const folder = temporaryFolder();
    const stop = new AbortController();
    const outcome = await protocol(await prepare(settings), settings, folder, {
      signal: stop.signal,
      onFisher: (done) => {
        if (done === 3) stop.abort();
      },
    });
    expect(outcome).toEqual({ kind: 'stopped', phase: 'shifted', step: 0 });
    const run = await prepare(settings);
    expect((await protocol(run, settings, folder)).kind).toBe('complete');
    expect(weightsOf(run)).toBe(whole);
  });

  it('is warned of where its steps would jump past the anchor', async () => {
    const warnings: string[] = [];
    const onWarning = (warning: string) => void warnings.push(warning);
    await finished(held([{ anchor: 'pretrained', lambda: 1, fisher: null }]), { onWarning });
    expect(warnings).toEqual([]);
    await finished(held([{ anchor: 'pretrained', lambda: 1e6, fisher: null }]), { onWarning });
    expect(warnings).toHaveLength(2);
    expect(warnings[0]).toMatch(/^in phase 1 rate · λ · F is above 1 for \d+\.\d % of the weights/);
  });
});

/** Stops after a step of a phase. */
async function stoppedAt(settings: Settings, folder: string, phase: Phase, step: number): Promise<void> {
  const stop = new AbortController();
  const outcome = await protocol(await prepare(settings), settings, folder, {
    signal: stop.signal,
    onStep: (report) => {
      if (report.phase === phase && report.step === step - 1) stop.abort();
    },
  });
  expect(outcome).toEqual({ kind: 'stopped', phase, step });
}
