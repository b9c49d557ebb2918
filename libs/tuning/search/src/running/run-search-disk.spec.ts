/** A search and its disk: which checkpoints are kept, and what a full disk does. */
import { existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { InputError } from '@layerwise/errors';
import { describe, expect, it } from 'vitest';
import { savingObjective } from '../../test/saving-objective.js';
import { files, open, outcome, place, search, useFolder } from '../../test/search-in-folder.js';
import type { SearchView } from './run-search.js';

useFolder();

describe('checkpoints', () => {
  it('stay within the budget at every moment, and what was dropped starts over', async () => {
    const { objective, runs } = savingObjective();
    const study = open();
    const budget = 3 * 8192;
    const onChange = ({ state }: SearchView): void => {
      const kept = state.trials.filter((trial) => trial.state === 'paused' && trial.checkpoint !== null);
      expect(kept.reduce((sum, { checkpoint }) => sum + checkpoint!.bytes, 0)).toBeLessThanOrEqual(budget);
      for (const { number } of kept)
        expect(existsSync(join(place.folder, 'trials', String(number), 'checkpoint'))).toBe(true);
    };
    await search({ study, objective, checkpointBudget: budget, onChange });
    const paused = study.state.trials.filter((trial) => trial.state === 'paused');
    const kept = paused.filter(({ checkpoint }) => checkpoint !== null);
    expect(kept.length).toBeLessThan(paused.length);
    expect(files()).toEqual(kept.map(({ number }) => `${number}/checkpoint`).sort());
    for (const { from, found } of runs) expect(found).toBe(from);
  });

  it('are deleted after the line of the journal that says so', async () => {
    const study = open();
    const there: boolean[] = [];
    const watched = new Proxy(study, {
      get: (real, name): unknown => {
        if (name !== 'dropCheckpoint') return Reflect.get(real, name);
        return (trial: number): void => {
          there.push(files().includes(`${trial}/checkpoint`));
          real.dropCheckpoint(trial);
        };
      },
    });
    await search({ study: watched, checkpointBudget: 8192 });
    expect(there.length).toBeGreaterThan(5);
    expect(there).not.toContain(false);
  });

  it('none kept: every promotion starts over, at the cost of a whole rung', async () => {
    const { objective, runs } = savingObjective();
    const study = open();
    await search({ study, objective, checkpointBudget: 0 });
    expect(runs.every(({ from, found }) => from === 0 && found === 0)).toBe(true);
    expect(files()).toEqual([]);
    // 12 at 1, 4 at 3, 1 at 9, as study.spec.ts counts them.
    expect(study.state.spent.search).toBe(12 + 4 * 3 + 9);
  });

  it('that nobody owns are removed before the search begins, and nothing else is', async () => {
    for (const name of ['trials/0', 'trials/77', 'trials/notes', 'other']) {
      mkdirSync(join(place.folder, name), { recursive: true });
      writeFileSync(join(place.folder, name, 'checkpoint'), JSON.stringify([99, 1]));
    }
    const { objective, runs } = savingObjective();
    await search({ objective });
    expect(runs[0]).toMatchObject({ trial: 0, found: 0 });
    expect(existsSync(join(place.folder, 'trials/77'))).toBe(false);
    expect(
      existsSync(join(place.folder, 'trials/notes/checkpoint')) &&
        existsSync(join(place.folder, 'other/checkpoint')),
    ).toBe(true);
  });

  it('that somebody deleted are found missing, and their trials start over', async () => {
    await search({ study: open({ trials: 4 }) });
    rmSync(join(place.folder, 'trials'), { recursive: true });
    const { objective, runs } = savingObjective();
    await search({ objective });
    expect(runs.length).toBeGreaterThan(8);
    for (const { from, found } of runs) expect(found).toBe(from);
  });
});

describe('a full disk', () => {
  const full = Object.assign(new Error('ENOSPC: no space left on device, write'), { code: 'ENOSPC' });

  it('in a run stops all runs, says so, and the same call goes on to the same trials', async () => {
    const whole = place.folder;
    await search();
    const wanted = outcome();
    place.folder = join(whole, 'full');
    const { objective } = savingObjective();
    const study = open();
    const end = await search({
      study,
      objective: (request, context) =>
        request.to === 3
          ? Promise.reject(new Error('cannot save', { cause: full }))
          : objective(request, context),
    });
    expect(end).toEqual({
      kind: 'halted',
      reason: expect.stringMatching(/^trial \d+ cannot go on: cannot save; make room, .* go on\.$/) as string,
    });
    expect(study.state.trials.filter(({ state }) => state === 'running')).toEqual([]);
    expect(study.state.trials.filter(({ state }) => state === 'waiting')).toHaveLength(1);
    expect(await search({ objective })).toMatchObject({ kind: 'done' });
    expect(outcome()).toEqual(wanted);
    place.folder = whole;
  });

  it.each(['tell', 'ask', 'dropCheckpoint'] as const)('in the journal at %s: the same', async (act) => {
    const whole = place.folder;
    await search({ checkpointBudget: 8192 });
    const wanted = outcome();
    place.folder = join(whole, 'full');
    let left = 4;
    const study = new Proxy(open(), {
      get: (real, name): unknown => {
        if (name === act && left-- <= 0)
          throw new InputError('cannot write journal.jsonl: the disk is full', { cause: full });
        return Reflect.get(real, name);
      },
    });
    expect(await search({ study, checkpointBudget: 8192 })).toEqual({
      kind: 'halted',
      reason: 'cannot write journal.jsonl: the disk is full; make room, then give the same command to go on.',
    });
    expect(await search({ checkpointBudget: 8192 })).toMatchObject({ kind: 'done' });
    expect(outcome()).toEqual(wanted);
    place.folder = whole;
  });

  it('is seen before a run begins, by the room that checkpoints took', async () => {
    await search({ study: open({ trials: 1 }) });
    const study = open();
    study.keepCheckpoint(0, 1, 1e15);
    const end = await search({ study });
    expect(end.kind).toBe('halted');
    expect(study.state.trials.map(({ state }) => state)).toEqual(['paused', 'waiting']);
    expect((end as { reason: string }).reason).toMatch(
      new RegExp(
        `^3000000017 MB must be free in ${place.folder} for a run to begin, and \\d+ MB are; make room`,
      ),
    );
  });

  it('other failures of the journal are no full disk', async () => {
    const study = new Proxy(open(), {
      get: (real, name): unknown => {
        if (name === 'tell') throw new InputError('cannot write journal.jsonl: read-only (EROFS)');
        return Reflect.get(real, name);
      },
    });
    await expect(search({ study })).rejects.toThrow('read-only');
  });
});
