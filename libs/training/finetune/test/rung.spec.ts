/**
 * Rungs: the whole one is an ordinary run bit for bit, whatever lay before; phase 1 that went on is phase 1
 * that never paused.
 */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { openEncoder } from '@layerwise/model';
import { recipes } from '@layerwise/optimizers';
import { describe, expect, it } from 'vitest';
import {
  cutRung,
  PHASES,
  phaseLengths,
  prepareTrial,
  resumedRung,
  RUNG_FILES,
  runRung,
  rungSteps,
  shortRung,
  tokenizerOf,
  type Phase,
  type Rung,
  type RungDesign,
  type RungOptions,
  type RungOutcome,
  type Settings,
} from '../src/index.js';
import {
  BERT,
  lossesOf,
  prepare,
  protocol,
  SETTINGS,
  TASKS,
  temporaryFolder,
  weightsOf,
} from './tiny-run.js';

/** Nine steps each: a ninth of them is one, a third three. */
const NINE: Settings = { ...SETTINGS, epochs: { original: 3, shifted: 5 }, dropout: 0.1 };

interface Ran {
  readonly weights: string;
  readonly outcome: RungOutcome;
  readonly steps: readonly string[];
}

/** Prepares a run and takes it to a rung. */
async function to(
  settings: Settings,
  folder: string,
  rung: Rung,
  options: Partial<RungOptions> = {},
): Promise<Ran> {
  const run = await prepare(settings);
  const steps: string[] = [];
  const outcome = await runRung(run, settings, rung, {
    folder,
    checkpointEvery: 0,
    report: false,
    signal: new AbortController().signal,
    ...options,
    onStep: (report) => {
      steps.push(`${report.phase} ${report.step}`);
      options.onStep?.(report);
    },
  });
  return { weights: weightsOf(run), outcome, steps };
}

function rungsOf(settings: Settings, design: RungDesign): (share: number) => Rung {
  const lengths = phaseLengths(settings, TASKS);
  return (share) => design(lengths, share, 9);
}

function figures({ weights, outcome }: Ran) {
  if (outcome.kind !== 'measured') throw new Error(`the rung is ${outcome.kind}`);
  const { history, report, ...evaluations } = outcome;
  expect(report).toBeNull();
  const losses = PHASES.map((_, place) => history.loss.filter((_, row) => history.phase[row] === place));
  return { weights, losses, evaluations };
}

const ordinary = new Map<Settings, ReturnType<typeof runWhole>>();

/** What an ordinary run comes to; made once. */
function unbroken(settings: Settings): ReturnType<typeof runWhole> {
  const made = ordinary.get(settings) ?? runWhole(settings);
  ordinary.set(settings, made);
  return made;
}

async function runWhole(settings: Settings) {
  const run = await prepare(settings);
  const outcome = await protocol(run, settings, temporaryFolder());
  if (outcome.kind !== 'complete') throw new Error(`the run is ${outcome.kind}`);
  const { accuracyOriginalBefore, original, shifted } = outcome;
  return {
    weights: weightsOf(run),
    losses: PHASES.map((phase) => lossesOf(outcome, phase)),
    evaluations: { kind: 'measured', accuracyOriginalBefore, original, shifted },
  };
}

/** Steps of a phase, from the first to the last one inclusive. */
const steps = (phase: Phase, first: number, last: number): string[] =>
  Array.from({ length: last - first + 1 }, (_, place) => `${phase} ${first + place}`);

const VARIANTS: readonly { readonly name: string; readonly settings: Settings }[] = [
  { name: 'adam with dropout', settings: NINE },
  {
    name: 'adamw, clipped and accumulated',
    settings: { ...NINE, optimizer: recipes.adamw, batch: 2, accumulate: 2, clipNorm: 0.5 },
  },
];

describe.each(VARIANTS)('with $name', ({ settings }) => {
  it('1/9, then 1/3, then the whole is an ordinary run, and only phase 1 goes on', async () => {
    const rung = rungsOf(settings, resumedRung);
    const folder = temporaryFolder();
    const ninth = await to(settings, folder, rung(1));
    const third = await to(settings, folder, rung(3));
    const whole = await to(settings, folder, rung(9));
    // Its history holds every step of phase 1, those of the earlier rungs too.
    expect(figures(whole)).toEqual(await unbroken(settings));
    expect(ninth.steps).toEqual([...steps('original', 0, 0), ...steps('shifted', 0, 0)]);
    expect(third.steps).toEqual([...steps('original', 1, 2), ...steps('shifted', 0, 2)]);
    expect(whole.steps.slice(0, 6)).toEqual(steps('original', 3, 8));
  });

  it('broken off anywhere between checkpoints ends with the same bits', async () => {
    const rung = rungsOf(settings, resumedRung);
    const folder = temporaryFolder();
    const breakAt = async (target: Rung, phase: Phase, step: number): Promise<void> => {
      const broken = to(settings, folder, target, {
        checkpointEvery: 2,
        onStep: (report) => {
          if (report.phase === phase && report.step === step) throw new Error('broken off');
        },
      });
      await expect(broken).rejects.toThrow('broken off');
    };
    await breakAt(rung(3), 'original', 0);
    await breakAt(rung(3), 'shifted', 0);
    const third = await to(settings, folder, rung(3));
    expect(figures(third)).toEqual(figures(await to(settings, temporaryFolder(), rung(3))));
    await breakAt(rung(9), 'original', 6);
    await breakAt(rung(9), 'shifted', 0);
    await breakAt(rung(9), 'shifted', 5);
    const whole = await to(settings, folder, rung(9), { checkpointEvery: 2 });
    expect(whole.steps[0]).toBe('shifted 4');
    expect(figures(whole)).toEqual(await unbroken(settings));
  });
});

it('stopped after every step ends as one never stopped', async () => {
  const rung = rungsOf(NINE, resumedRung);
  const folder = temporaryFolder();
  let stops = 0;
  for (;;) {
    const controller = new AbortController();
    const ran = await to(NINE, folder, rung(9), {
      signal: controller.signal,
      onStep: () => controller.abort(),
    });
    if (ran.outcome.kind !== 'stopped') {
      expect(figures(ran)).toEqual(await unbroken(NINE));
      break;
    }
    stops++;
  }
  expect(stops).toBe(9 + 10);
});

it('a rung of phase 1 alone does what its steps of a full run do', async () => {
  const rung = rungsOf(NINE, resumedRung);
  const third = await to(NINE, temporaryFolder(), rung(3));
  const full = await unbroken(NINE);
  expect(figures(third).losses[0]).toEqual(full.losses[0]!.slice(0, 3));
});

it('a short rung is the ordinary run of so many epochs, and nothing of an earlier rung is used', async () => {
  const rung = rungsOf(NINE, shortRung);
  const folder = temporaryFolder();
  await to(NINE, folder, rung(1));
  const third = await to(NINE, folder, rung(3));
  expect(third.steps).toEqual([...steps('original', 0, 2), ...steps('shifted', 0, 2)]);
  const oneEpoch = await unbroken({ ...NINE, epochs: { original: 1, shifted: 1 } });
  // Three steps each: the shifted task's epoch has two.
  expect(figures(third).losses[0]).toEqual(oneEpoch.losses[0]);
  expect(figures(await to(NINE, folder, rung(9)))).toEqual(await unbroken(NINE));
});

it('a cut rung stops phase 2 on the schedule of the full run', async () => {
  const rung = rungsOf(NINE, cutRung);
  const folder = temporaryFolder();
  await to(NINE, folder, rung(3));
  expect(figures(await to(NINE, folder, rung(9)))).toEqual(await unbroken(NINE));
});

it('a checkpoint that is damaged, another run’s or further on than the rung is not used', async () => {
  const rung = rungsOf(NINE, resumedRung);
  const folder = temporaryFolder();
  const expected = figures(await to(NINE, temporaryFolder(), rung(3)));
  const file = join(folder, RUNG_FILES.original);
  await to({ ...NINE, seed: 8 }, folder, rung(1));
  expect(figures(await to(NINE, folder, rung(3)))).toEqual(expected);
  await to(NINE, folder, rung(9));
  const again = await to(NINE, folder, rung(3));
  expect(again.steps[0]).toBe('original 0');
  expect(figures(again)).toEqual(expected);
  writeFileSync(file, readFileSync(file).subarray(0, 1000));
  expect(figures(await to(NINE, folder, rung(3)))).toEqual(expected);
});

it('says where training diverged', async () => {
  const rates = NINE.rates.map((rate) => (rate === null ? null : 1e30));
  const wild: Settings = { ...NINE, rates, optimizer: recipes.sgd, schedule: 'constant', warmup: 0 };
  const rung = rungsOf(wild, resumedRung);
  const folder = temporaryFolder();
  const { outcome, steps: done } = await to(wild, folder, rung(9));
  // The step whose loss is no number is not reported as done, and counts.
  expect(outcome).toEqual({ kind: 'diverged', phase: 'original', step: done.length + 1 });
  expect(existsSync(join(folder, RUNG_FILES.shifted))).toBe(false);
});

it('costs the steps that it takes: phase 1 from the rung before where it can be resumed', () => {
  const lengths = { original: 90, shifted: 45 };
  const costs = (design: RungDesign) => {
    const [ninth, third, whole] = [1, 3, 9].map((share) => design(lengths, share, 9));
    return [
      rungSteps(ninth!, null),
      rungSteps(third!, ninth!),
      rungSteps(whole!, third!),
      rungSteps(whole!, null),
    ];
  };
  // (f - f') T_o + f T_s, by hand.
  expect(costs(resumedRung)).toEqual([10 + 5, 20 + 15, 60 + 45, 135]);
  expect(costs(cutRung)).toEqual([10 + 5, 20 + 15, 60 + 45, 135]);
  expect(costs(shortRung)).toEqual([10 + 5, 30 + 15, 90 + 45, 135]);
});

describe('rows of a report', () => {
  const reports = { original: TASKS.shifted.train, shifted: TASKS.original.train };
  const settings = { ...NINE, epochs: { original: 1, shifted: 1 } };
  const rung = { original: { until: 3, steps: 3 }, shifted: { until: 2, steps: 2 } };

  it('are evaluated where that is wanted, and change nothing else', async () => {
    const encoder = openEncoder(BERT);
    const tokenize = await tokenizerOf(encoder, null);
    const run = async (report: boolean) => {
      const prepared = await prepareTrial(TASKS, encoder, tokenize, settings, reports);
      const options = { folder: temporaryFolder(), checkpointEvery: 0, report, onStep: () => undefined };
      const outcome = await runRung(prepared, settings, rung, {
        ...options,
        signal: new AbortController().signal,
      });
      if (outcome.kind !== 'measured') throw new Error(outcome.kind);
      return { outcome, fingerprint: prepared.fingerprint };
    };
    const { outcome, fingerprint } = await run(true);
    const without = await unbroken(settings);
    expect(outcome.original).toEqual(without.evaluations.original);
    expect(outcome.shifted).toEqual(without.evaluations.shifted);
    expect(outcome.report?.original.predicted).toHaveLength(reports.original.label.length);
    const right = outcome.report!.shifted.predicted.filter(
      (label, row) => label === reports.shifted.label[row],
    );
    expect(outcome.report?.shifted.accuracy).toBe(right.length / reports.shifted.label.length);
    expect((await run(false)).outcome.report).toBeNull();
    // A checkpoint is over the words of all texts, so that runs with other reports are others.
    expect(fingerprint).not.toBe((await prepare(settings)).fingerprint);
  });
});
