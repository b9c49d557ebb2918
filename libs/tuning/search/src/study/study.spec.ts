/**
 * A study from its first question to its last answer, cut at every line of its journal, with late and missing
 * answers.
 */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { memoryJournal } from '../journal/journal.js';
import { lineOf, openJournalFile } from '../journal/journal-file.js';
import { InputError } from '@layerwise/errors';
import { drive, smallDeciders, smallReward, smallSettings } from '../../test/small-study.js';
import { openStudy, type Instruction, type Study } from './study.js';
import type { Trial } from './trial.js';

let folder: string;
let file: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'layerwise-study-'));
  file = join(folder, 'journal.jsonl');
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const settings = smallSettings();
const open = (changes = {}, path: string | null = null): Study =>
  openStudy(path === null ? memoryJournal() : openJournalFile(path), smallSettings(changes), smallDeciders);

function run(study: Study): Instruction & { kind: 'run' } {
  const asked = study.ask();
  if (asked.kind !== 'run') throw new Error(`nothing to run: ${asked.kind}`);
  return asked;
}

/** What must not depend on interruptions. */
function outcome(trials: readonly Trial[]) {
  return trials.map(({ attempts: _, ...trial }) => trial);
}

describe('one worker', () => {
  it('tries the given values first, promotes, ends by trials and repeats the best with fresh seeds', () => {
    const study = open();
    expect(drive(study)).toBe('12 trials are made');
    const { trials } = study.state;
    expect(trials[0]).toMatchObject({ values: [1e-5, 6, 'a'], origin: 'given' });
    const search = trials.filter((trial) => trial.repeatOf === null);
    expect(search).toHaveLength(12);
    // By hand: of 12 results at fidelity 1 the best third goes to 3, of those 4 the best one to 9.
    const reached = (f: number) => search.filter((trial) => trial.measurements.some((m) => m.fidelity === f));
    expect([1, 3, 9].map((f) => reached(f).length)).toEqual([12, 4, 1]);
    const complete = search.filter((trial) => trial.state === 'complete');
    expect(complete).toHaveLength(1);
    const repeats = trials.filter((trial) => trial.repeatOf !== null);
    expect(repeats.map((trial) => trial.repeatOf)).toEqual([complete[0]!.number, complete[0]!.number]);
    for (const repeat of repeats) {
      expect(repeat).toMatchObject({ origin: 'repeat', values: complete[0]!.values, state: 'complete' });
      expect(repeat.measurements.map((m) => m.fidelity)).toEqual([9]);
    }
    expect(new Set(trials.map((trial) => trial.seed)).size).toBe(trials.length);
    expect(trials.every((trial) => trial.measurements.every((m) => m.measures['seen'] === trial.seed))).toBe(
      true,
    );
  });

  it('cut after any line of its journal it goes on to the same trials', () => {
    const study = open({}, file);
    drive(study);
    study.close();
    const lines = readFileSync(file, 'utf8').split('\n').slice(0, -1);
    expect(lines.length).toBeGreaterThan(50);
    const wanted = outcome(study.state.trials);
    for (let kept = 0; kept <= lines.length; kept++) {
      writeFileSync(
        file,
        lines
          .slice(0, kept)
          .map((line) => `${line}\n`)
          .join(''),
      );
      const continued = open({}, file);
      expect(continued.state.trials.every((trial) => trial.state !== 'running')).toBe(true);
      drive(continued);
      continued.close();
      expect(outcome(continued.state.trials), `cut after line ${kept}`).toEqual(wanted);
    }
  });

  it('resumes a promoted trial from its checkpoint, and from nothing once that is dropped', () => {
    const study = open();
    const froms: [number, number][] = [];
    drive(study, ({ trial, from, fidelity, values, seed }) => {
      if (fidelity > 1) froms.push([from, fidelity]);
      study.tell(trial, { reward: smallReward(values, fidelity, seed), fidelity });
      if (fidelity === 1) study.keepCheckpoint(trial, 1, 10);
      if (fidelity === 1 && trial === 2) study.dropCheckpoint(trial);
      return true;
    });
    expect(froms).toContainEqual([1, 3]);
    expect(froms).toContainEqual([0, 9]);
  });

  it('stays within its budget, what is under way counted in, and spends nearly all of it', () => {
    for (const budget of [1, 10, 30, 31.5]) {
      const study = open({ trials: null, budget, repeats: { best: 0, seeds: 0 } });
      expect(drive(study)).toContain(`of ${budget} steps are spent`);
      expect(study.state.spent.search).toBeLessThanOrEqual(budget);
      expect(study.state.spent.search).toBeGreaterThan(budget - 9);
    }
    const many = open({ trials: null, budget: 2.5 });
    expect([many.ask().kind, many.ask().kind, many.ask().kind]).toEqual(['run', 'run', 'wait']);
  });
});

describe('trials that go wrong', () => {
  it('are data: the search goes on, the sampler sees the worst reward in their place', () => {
    const seen: (readonly number[])[] = [];
    const study = openStudy(memoryJournal(), settings, {
      ...smallDeciders,
      sampler: (history, context) => {
        seen.push(history.observations.map(({ reward }) => reward));
        return smallDeciders.sampler(history, context);
      },
    });
    drive(study, ({ trial }) => {
      if (trial === 1) study.tell(trial, { reward: NaN, fidelity: 1 });
      else if (trial === 3) study.fail(trial, 'failed', 'out of memory', { steps: 5 });
      return trial === 1 || trial === 3;
    });
    const { trials, spent } = study.state;
    expect(trials[1]).toMatchObject({ state: 'diverged', message: 'reward is NaN', measurements: [] });
    expect(trials[3]).toMatchObject({ state: 'failed', message: 'out of memory' });
    expect(trials.filter((trial) => trial.repeatOf === null)).toHaveLength(12);
    expect(spent.search).toBeGreaterThan(5);
    for (const rewards of seen.slice(3)) {
      const worst = Math.min(...rewards);
      expect([rewards[1], rewards[3]].every((reward) => reward === undefined || reward === worst)).toBe(true);
    }
  });

  it('stand for the penalty that is set', () => {
    const seen: number[] = [];
    const sampler = ({ observations }: { observations: readonly { reward: number }[] }) => {
      seen.push(observations[0]!.reward);
      return { unit: [0.5, 0.5, 0.5], origin: 'random' as const };
    };
    const study = openStudy(memoryJournal(), smallSettings({ penalty: -7 }), { ...smallDeciders, sampler });
    study.fail(run(study).trial, 'diverged', 'no number');
    study.ask();
    expect(seen).toEqual([-7]);
  });

  it('end the study when there are more than are borne; diverged ones do not count', () => {
    const study = open({ maxFailures: 2 });
    const reason = drive(study, ({ trial }) => study.fail(trial, trial < 2 ? 'diverged' : 'failed', 'no'));
    expect(reason).toBe('3 trials failed, more than the 2 that are borne');
    expect(study.state.trials).toHaveLength(5);
  });

  it('count the study’s own steps where they tell what is no count, so that the journal can be read again', () => {
    const study = open({}, file);
    for (const steps of [-2, NaN, Infinity])
      study.fail(run(study).trial, 'failed', 'lost', { steps, seconds: steps });
    study.tell(run(study).trial, { reward: 1, fidelity: 1, steps: NaN, seconds: -1 });
    study.close();
    expect(study.state.spent.search).toBe(4);
    open({}, file).close();
  });

  it('count as the penalty when they are repeats', () => {
    const study = open({ penalty: -5 });
    drive(
      study,
      ({ trial }) => study.state.trials[trial]!.repeatOf !== null && study.fail(trial, 'failed', 'no'),
    );
    expect(study.best()!.repeats!.rewards).toEqual([-5, -5]);
  });
});

describe('a space that can be used up', () => {
  const space = {
    names: ['n', 'kind'],
    parameters: [
      { type: 'integer' as const, low: 1, high: 2 },
      { type: 'categorical' as const, choices: ['a', 'b'] },
    ],
  };
  const plan = { eta: 3, fidelities: [1], brackets: [{ firstRung: 0, trials: 9 }] };
  const stubborn = { ...smallDeciders, sampler: () => ({ unit: [0, 0], origin: 'gp' as const }) };
  const openSmall = (changes = {}): Study =>
    openStudy(memoryJournal(), smallSettings({ space, plan, given: [], trials: 7, ...changes }), stubborn);

  it('has each point tried once, then the best again, and says so', () => {
    const study = openSmall();
    const tell = ({ trial }: { trial: number }): boolean => study.tell(trial, { reward: trial, fidelity: 1 });
    expect(drive(study, tell)).toBe('all 4 points of the space were tried');
    const searched = study.state.trials.filter((trial) => trial.repeatOf === null);
    expect(searched.map(({ values }) => values)).toEqual([
      [1, 'a'],
      [2, 'a'],
      [1, 'b'],
      [2, 'b'],
    ]);
    expect(study.state.trials).toHaveLength(8);
  });

  it('has no more either where no number of trials ends the study, or points were given twice', () => {
    const given = [
      [2, 'b'],
      [2, 'b'],
    ];
    const study = openSmall({ trials: null, given, repeats: { best: 0, seeds: 0 } });
    drive(study, ({ trial }) => study.tell(trial, { reward: trial, fidelity: 1 }));
    expect(study.state.trials.map(({ values }) => values)).toEqual([
      ...[...given, [1, 'a'], [2, 'a'], [1, 'b']],
    ]);
  });

  it('ends by its trials where they are fewer', () => {
    const study = openSmall({ trials: 3 });
    expect(drive(study, ({ trial }) => study.tell(trial, { reward: 1, fidelity: 1 }))).toBe(
      '3 trials are made',
    );
  });
});

describe('several workers', () => {
  it("a lost run is given to the next that asks; its late answer is taken, and its successor's is not", () => {
    const study = open();
    const [a, b] = [run(study), run(study)];
    study.stale(a.trial, 'no heartbeat');
    expect(study.state.trials[a.trial]!.state).toBe('stale');
    const again = run(study);
    expect(again).toEqual(a);
    expect(study.tell(a.trial, { reward: 1, fidelity: 1 })).toBe(true);
    expect(study.tell(again.trial, { reward: 2, fidelity: 1 })).toBe(false);
    expect(study.fail(again.trial, 'failed', 'its lease was over')).toBe(false);
    study.stale(again.trial, 'nothing');
    expect(study.state.trials[a.trial]).toMatchObject({ state: 'paused', attempts: 2 });
    expect(study.state.trials[a.trial]!.measurements).toMatchObject([{ reward: 1 }]);
    study.stop(b.trial);
    expect(run(study).trial).toBe(b.trial);
  });

  it('take different trials, and the same ones in whichever order they answer until a proposal saw answers', () => {
    const proposals = (order: readonly number[]) => {
      const study = open({ given: [], trials: 4 }, null);
      study.tell(run(study).trial, { reward: 0, fidelity: 1 });
      const three = [run(study), run(study), run(study)];
      for (const i of order) study.tell(three[i]!.trial, { reward: i, fidelity: 1 });
      return three.map(({ trial, values, seed }) => ({ trial, values, seed }));
    };
    expect(proposals([0, 1, 2])).toEqual(proposals([2, 0, 1]));
  });

  it('wait at the end of the search, and share the repeats', () => {
    const study = open({
      trials: 1,
      plan: { eta: 3, fidelities: [9], brackets: [{ firstRung: 0, trials: 1 }] },
    });
    const first = run(study);
    expect(study.ask()).toEqual({ kind: 'wait' });
    study.tell(first.trial, { reward: 1, fidelity: 9 });
    const repeats = [run(study), run(study)];
    expect(repeats.map(({ trial }) => study.state.trials[trial]!.repeatOf)).toEqual([0, 0]);
    expect(study.ask()).toEqual({ kind: 'wait' });
    for (const { trial } of repeats) study.tell(trial, { reward: 1, fidelity: 9 });
    expect(study.ask()).toMatchObject({ kind: 'done' });
  });
});

describe('the best', () => {
  it('is that of the highest rung reached, then that of the highest mean with its repeats', () => {
    const plan = { eta: 3, fidelities: [3, 9], brackets: [{ firstRung: 1, trials: 9 }] };
    const always = { ...smallDeciders, scheduler: () => ({ kind: 'new', bracket: 0, target: 9 }) as const };
    const study = openStudy(memoryJournal(), smallSettings({ plan, trials: 3 }), always);
    expect(study.best()).toBeNull();
    const rewards = [0.5, 0.9, 0.8];
    for (const reward of rewards) study.tell(run(study).trial, { reward, fidelity: 9 });
    expect(study.best()).toMatchObject({ trial: 1, reward: 0.9, fidelity: 9, repeats: null });
    // The repeats' turn: trials 1, 2, 1, 2.
    for (const reward of [0.6, 0.75, 0.6, 0.85]) study.tell(run(study).trial, { reward, fidelity: 9 });
    const best = study.best()!;
    expect(best.trial).toBe(2);
    expect(best.reward).toBeCloseTo((0.8 + 0.75 + 0.85) / 3, 12);
    // scipy.stats.t.interval(0.9, 1, loc=0.8, scale=scipy.stats.sem([0.75, 0.85]))
    expect(best.repeats!.mean).toBeCloseTo(0.8, 12);
    expect(best.repeats!.low).toBeCloseTo(0.4843124, 6);
    expect(best.repeats!.high).toBeCloseTo(1.1156876, 6);
  });
});

describe('a journal', () => {
  it('goes on with other limits, and with no other settings', () => {
    const study = open({ trials: 2 }, file);
    drive(study);
    study.close();
    const more = open({ trials: 4 }, file);
    expect(more.state.settings.trials).toBe(4);
    drive(more);
    more.close();
    expect(more.state.trials.filter((trial) => trial.repeatOf === null)).toHaveLength(4);
    expect(() => open({ seed: 2 }, file)).toThrow(
      `${file} is the journal of another study (seed is 1 there and 2 here): give the same settings, or another journal.`,
    );
    expect(() => open({ plan: { ...settings.plan, fidelities: [1, 3, 27] } }, file)).toThrow(
      '(plan.fidelities.2 is 9 there and 27 here)',
    );
    expect(() => open({ objective: { task: 'MRPC' } }, file)).toThrow(InputError);
    // Refused, it is given back.
    open({ trials: 4 }, file).close();
  });

  it('that does not follow is refused with its line', () => {
    open({}, file).close();
    writeFileSync(file, lineOf({ type: 'started', trial: 0, from: 0 }), { flag: 'a' });
    expect(() => open({}, file)).toThrow(
      `${file}, line 2 does not follow from those before (there is no trial 0, so it cannot be started): the journal was changed.`,
    );
  });

  it('has an event before anyone acts on it', () => {
    const study = open({}, file);
    const { trial } = run(study);
    expect(readFileSync(file, 'utf8')).toContain(`{"event":{"type":"started","trial":${trial},"from":0}`);
    study.close();
    expect(() => study.ask()).toThrow('closed');
  });
});

it('refuses answers to what was not asked, and says why', () => {
  const study = open();
  expect(() => study.tell(0, { reward: 1, fidelity: 1 })).toThrow(
    'There is no trial 0: none was asked for yet.',
  );
  const { trial } = run(study);
  expect(() => study.tell(5, { reward: 1, fidelity: 1 })).toThrow(
    'There is no trial 5: they are numbered 0 to 0.',
  );
  expect(() => study.tell(trial, { reward: 1, fidelity: 9 })).toThrow(
    'Trial 0 is to reach fidelity 1, not 9.',
  );
});
