/**
 * A search in this process: killed at every event of its journal, interrupted, and with trials that go wrong.
 */
import { mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Executor, Job, JobEvent } from '@layerwise/workers';
import { describe, expect, it } from 'vitest';
import { savingObjective } from '../../test/saving-objective.js';
import { files, journal, open, outcome, place, search, useFolder } from '../../test/search-in-folder.js';
import type { StudyEvent } from '../study/events.js';
import { readJournalFile } from '../journal/journal-file.js';
import type { Objective, RunEnd, RunRequest } from './objective.js';
import type { SearchEnd, SearchView } from './run-search.js';
import type { StudySettings } from '../study/settings.js';
import type { Study } from '../study/study.js';

useFolder();

const events = (): StudyEvent[] => readJournalFile(journal()) as StudyEvent[];
/** What was decided and told, without the traces of a search that went on after a kill. */
const essence = (): unknown[] =>
  events()
    .filter(({ type }) => type !== 'resumed' && type !== 'started' && type !== 'stopped' && type !== 'stale')
    .map((event) => ('seconds' in event ? { ...event, seconds: 0 } : event));

describe('one worker', () => {
  it('runs all trials and repeats, shows each change, and keeps checkpoints of paused trials alone', async () => {
    const views: SearchView[] = [];
    const study = open();
    const onChange = (view: SearchView): void => {
      views.push({ ...view, running: new Map(view.running) });
    };
    expect(await search({ study, onChange })).toEqual({ kind: 'done', reason: '12 trials are made' });
    const { trials } = study.state;
    expect(trials).toHaveLength(14);
    const paused = trials.filter((trial) => trial.state === 'paused');
    expect(paused).toHaveLength(11);
    expect(files()).toEqual(paused.map(({ number }) => `${number}/checkpoint`).sort());
    // 5,000 bytes a unit of fidelity, in blocks of 4,096.
    for (const { checkpoint, target } of paused)
      expect(checkpoint).toEqual({ fidelity: target, bytes: target === 1 ? 8192 : 16_384 });
    for (const { state, running } of views) {
      expect(running.size).toBeLessThanOrEqual(1);
      for (const trial of running.keys()) expect(state.trials[trial]!.state).toBe('running');
    }
    expect(
      views.some(({ running }) => [...running.values()].some(({ done, total }) => done === 3 && total === 6)),
    ).toBe(true);
  });

  it('goes on from the checkpoint that a rung left', async () => {
    const { objective, runs } = savingObjective();
    await search({ objective });
    expect(runs.filter(({ from }) => from > 0).length).toBeGreaterThan(3);
    for (const { from, found } of runs) expect(found).toBe(from);
  });
});

describe('killed at any event', () => {
  const few = { trials: 5, plan: { eta: 2, fidelities: [1, 2], brackets: [{ firstRung: 0, trials: 4 }] } };
  const settings = { ...few, repeats: { best: 1, seeds: 1 } } satisfies Partial<StudySettings>;
  const ends = { 1: 'failed', 2: 'diverged' } as const;
  const budget = 8192; // one checkpoint

  /** A study whose process is killed just before, or just after, it writes its n-th line. */
  function mortal(study: Study, n: number, after: boolean): Study {
    const writing: readonly (string | symbol)[] = ['ask', 'tell', 'fail', 'stale', 'stop', 'dropCheckpoint'];
    let left = n;
    return new Proxy(study, {
      get: (_, name): unknown => {
        const act: unknown = Reflect.get(study, name);
        if (typeof act !== 'function' || !writing.includes(name)) return act;
        return (...given: unknown[]): unknown => {
          if (left === 0 && !after) throw new Error('killed');
          const result: unknown = Reflect.apply(act, study, given);
          if (left-- === 0) throw new Error('killed');
          return result;
        };
      },
    });
  }

  it.each([true, false])(
    'it comes to the same journal, the same files (after the line: %s)',
    async (after) => {
      const openFew = (): Study => open(settings);
      const whole = place.folder;
      await search({ study: openFew(), ...savingObjective(ends), checkpointBudget: budget });
      const state = (() => {
        const study = openFew();
        study.close();
        return study.state;
      })();
      const wanted = { essence: essence(), files: files(), spent: state.spent, order: state.order };
      expect(state.trials.map((trial) => trial.state)).toContain('failed');
      expect(state.trials.map((trial) => trial.state)).toContain('diverged');
      expect(events().filter(({ type }) => type === 'checkpoint-dropped').length).toBeGreaterThan(1);
      let n = 0;
      for (let killed = true; killed; n++) {
        place.folder = join(whole, `killed-${n}`);
        mkdirSync(place.folder);
        const { objective, runs } = savingObjective(ends);
        const how = await search({
          study: mortal(openFew(), n, after),
          objective,
          checkpointBudget: budget,
        }).catch((error: unknown) => error);
        killed = how instanceof Error && how.message === 'killed';
        expect(await search({ study: openFew(), objective, checkpointBudget: budget })).toMatchObject({
          kind: 'done',
        });
        const study = openFew();
        study.close();
        const { spent, order } = study.state;
        expect({ essence: essence(), files: files(), spent, order }, `killed at line ${n}`).toEqual(wanted);
        // No run got less than it was promised, nor more than it may use.
        for (const { from, to, found } of runs) {
          expect(found).toBeGreaterThanOrEqual(from);
          expect(found).toBeLessThanOrEqual(to);
        }
      }
      expect(n).toBeGreaterThan(15);
      place.folder = whole;
    },
  );
});

describe('the signal', () => {
  it('stops runs with a checkpoint; the same call goes on to the same trials and counts', async () => {
    const whole = place.folder;
    await search();
    const wanted = outcome();
    place.folder = join(whole, 'interrupted');
    const { objective, runs } = savingObjective();
    let interruptions = 0;
    for (let end: SearchEnd = { kind: 'interrupted' }; end.kind === 'interrupted';) {
      const controller = new AbortController();
      let reports = 0;
      const onChange = ({ running }: SearchView): void => {
        // In the middle of a run that takes several steps, or else between two.
        const inside = [...running.values()].some(({ done, total }) => done > 0 && done < total);
        if (++reports > 7 && (inside || reports > 12)) controller.abort();
      };
      end = await search({ objective, signal: controller.signal, onChange });
      if (end.kind === 'interrupted') interruptions++;
    }
    expect(interruptions).toBeGreaterThan(5);
    expect(runs.some(({ from, found }) => found > from)).toBe(true);
    expect(outcome()).toEqual(wanted);
    place.folder = whole;
  });

  it('that was aborted before starts nothing', async () => {
    const { objective, runs } = savingObjective();
    expect(await search({ objective, signal: AbortSignal.abort() })).toEqual({ kind: 'interrupted' });
    expect(runs).toEqual([]);
  });

  it('is not waited for longer than the grace: the run is given up, and goes on later', async () => {
    const controller = new AbortController();
    const study = open();
    const deaf: Objective = () => {
      setImmediate(() => controller.abort());
      return new Promise(() => undefined);
    };
    expect(await search({ study, objective: deaf, signal: controller.signal, graceMs: 50 })).toEqual({
      kind: 'interrupted',
    });
    expect(study.state.trials[0]).toMatchObject({ state: 'stale' });
    expect(await search()).toMatchObject({ kind: 'done' });
  });
});

it('too many failures end the search, and stop what else runs', async () => {
  const slow: Objective = async ({ trial }, { signal }) => {
    if (trial !== 1) throw new Error('out of memory');
    await new Promise((stopped) => signal.addEventListener('abort', stopped));
    return { kind: 'stopped', steps: 0 };
  };
  const study = open({ maxFailures: 2 });
  expect(await search({ study, objective: slow, workers: 2 })).toEqual({
    kind: 'done',
    reason: '3 trials failed, more than the 2 that are borne',
  });
  expect(study.state.trials.map(({ state }) => state)).toEqual(['failed', 'waiting', 'failed', 'failed']);
});

it('trials that fail or diverge leave their logs alone behind', async () => {
  const study = open();
  await search({ study, ...savingObjective({ 1: 'failed', 3: 'diverged' }) });
  expect(study.state.trials[1]).toMatchObject({ state: 'failed', message: 'out of memory' });
  expect(study.state.trials[3]).toMatchObject({ state: 'diverged', message: 'the reward is NaN' });
  for (const trial of [1, 3])
    expect(readdirSync(join(place.folder, 'trials', String(trial)))).toEqual(['notes.log']);
});

describe('runs that are lost', () => {
  type Event = JobEvent<RunEnd>;
  /** An executor whose events are written by hand: `hear` is asked for each run that it is given. */
  function scripted(hear: (run: RunRequest, attempt: number) => Event[]): Executor<RunRequest, RunEnd> {
    const waiting: Event[] = [];
    const attempts = new Map<number, number>();
    return {
      capacity: 1,
      start: ({ id, input }: Job<RunRequest>) => {
        const attempt = (attempts.get(id) ?? 0) + 1;
        attempts.set(id, attempt);
        if (attempt > 100) throw new Error(`trial ${id} is given out for ever`);
        waiting.push(...hear(input, attempt));
      },
      next: () => {
        const event = waiting.shift();
        return event === undefined ? Promise.reject(new Error('nothing more comes')) : Promise.resolve(event);
      },
      stop: () => Promise.resolve(),
    };
  }
  const measured = ({ trial, to, from }: RunRequest, reward = trial): Event => ({
    kind: 'end',
    id: trial,
    seconds: 1,
    end: { kind: 'done', result: { kind: 'measured', reward, measures: {}, steps: to - from } },
  });

  it('are given out again; a late end is taken, and its successor is not', async () => {
    const study = open({ trials: 2 });
    const executor = scripted((request, attempt) => {
      if (request.trial !== 0 || request.to > 1) return [measured(request)];
      const lost: Event = { kind: 'lost', id: 0, reason: 'its worker said nothing for 2 s' };
      return attempt === 1 ? [lost, measured(request, 0.5)] : [measured(request, 0.7)];
    });
    expect(await search({ study, executor })).toMatchObject({ kind: 'done' });
    expect(study.state.trials[0]).toMatchObject({ state: 'paused', attempts: 2 });
    expect(study.state.trials[0]!.measurements.map(({ reward }) => reward)).toEqual([0.5]);
    expect(events().filter(({ type }) => type === 'stale')).toHaveLength(1);
  });

  it('fail when they come to nothing twenty times at the same place, and only then', async () => {
    const lost = (id: number): Event => ({
      kind: 'lost',
      id,
      reason: 'its worker ended by SIGKILL',
    });
    const study = open({ trials: 3 });
    const executor = scripted((request, attempt) => {
      const { trial } = request;
      if (trial === 0) return [lost(0)];
      // Each time one step further.
      if (trial === 1 && attempt < 30)
        return [{ kind: 'progress', id: trial, done: attempt, total: 30 }, lost(1)];
      // What nobody asked to stop is the same.
      if (trial === 2) return [{ kind: 'end', id: trial, seconds: 1, end: { kind: 'stopped', done: 0 } }];
      return [measured(request)];
    });
    expect(await search({ study, executor })).toMatchObject({ kind: 'done' });
    expect(study.state.trials[0]).toMatchObject({
      state: 'failed',
      attempts: 20,
      message: 'its runs end at the same place without a result: its worker ended by SIGKILL',
    });
    // One rung at 1 of trial 1 was measured, and no step of the other two was done.
    expect(study.state.spent.search).toBe(1);
    expect(study.state.trials[1]).toMatchObject({ attempts: 30 });
    expect(study.state.trials[1]!.measurements).toHaveLength(1);
    expect(study.state.trials[2]).toMatchObject({ state: 'failed', attempts: 20 });
  });
});

it('a study whose runs somebody else has is not waited for for ever', async () => {
  const study = open({ trials: 1 });
  study.ask();
  await expect(search({ study })).rejects.toThrow('waits for a run that was given to somebody else');
});

it('several workers lose and double nothing', async () => {
  const study = open({ trials: 20 });
  const { objective, runs } = savingObjective({ 2: 'failed' });
  expect(await search({ study, objective, workers: 4, checkpointBudget: 8 * 8192 })).toMatchObject({
    kind: 'done',
  });
  const { trials } = study.state;
  expect(trials.filter(({ repeatOf }) => repeatOf === null)).toHaveLength(20);
  expect(trials.every(({ state }) => ['paused', 'complete', 'failed'].includes(state))).toBe(true);
  expect(new Set(runs.map(({ trial, to }) => `${trial} ${to}`)).size).toBe(runs.length);
  const kept = trials.filter(({ checkpoint }) => checkpoint !== null);
  expect(files()).toEqual(kept.map(({ number }) => `${number}/checkpoint`).sort());
  expect(readFileSync(journal(), 'utf8').split('\n')).toHaveLength(events().length + 1);
});
