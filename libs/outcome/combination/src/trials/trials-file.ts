/**
 * Reads the trials.arrow of a search (`trialsTable` of @layerwise/artifacts). Only trials that are complete
 * at full fidelity count: a rung below tells of a shorter training. Runs of the same values with fresh seeds
 * (`repeat_of`) are one trial whose reward is their mean; one of them that failed or diverged counts as the
 * search counts it, with the worst reward that any trial had. Its neighbour for the logs of the paper's
 * authors is `author-log.ts`.
 */
import { basename, dirname, resolve } from 'node:path';
import { readRows, trialsTable, type RowOf } from '@layerwise/artifacts';
import { InputError } from '@layerwise/errors';
import { groupingFromJson, isEmptyGroup, type Grouping } from '@layerwise/optimizers';
import { meanOf } from '@layerwise/statistics';
import type { PairTrials, RatedTrial } from './rated-trial.js';

type TrialRow = RowOf<typeof trialsTable>;

/** A run at full fidelity. */
type Run = RatedTrial & { readonly repeatOf: number | null };
type LostRepeat = Pick<Run, 'reward'> & { readonly repeatOf: number };

/** @throws InputError where the file is no such table, its space is not of rates, or no trial of it counts */
export async function readTrialsFile(file: string): Promise<PairTrials> {
  const { metadata, rows } = await readRows(file, trialsTable);
  const { groups, pair } = metadata;
  if (groups.trim() === '') {
    throw new InputError(
      `${file} names no layer groups, so its trials are not of learning rates; give trials of a search for rates.`,
    );
  }
  const grouping = groupingFromJson(groups, file);
  const trials = averaged(fullRuns(rows, grouping, file), lostRepeats(rows), file);
  if (trials.length === 0) {
    const count = new Set(rows.map(({ trial }) => trial)).size;
    throw new InputError(
      `None of the ${count} trials of ${file} is complete at full fidelity; let the search go on.`,
    );
  }
  return { pair: pair.trim() === '' ? pairNameOf(file) : pair, file, grouping, trials };
}

/**
 * The pair of a file that does not state one: its own name, or its folder's where it is called as all are.
 */
export function pairNameOf(file: string): string {
  const name = basename(file, '.arrow');
  return name === 'trials' ? basename(dirname(resolve(file))) : name;
}

function fullRuns(rows: readonly TrialRow[], grouping: Grouping, file: string): Run[] {
  return rows.flatMap(({ trial: number, repeat_of: repeatOf, state, fidelity, reward, rates }) => {
    // Fidelities are quotients, so that the last one may be 1 but for rounding.
    if (state !== 'complete' || Math.abs((fidelity ?? 0) - 1) > 1e-9) return [];
    const where = `${file}, trial ${number}`;
    if (reward === null || !Number.isFinite(reward)) {
      throw new InputError(
        `${where}: it is complete, but its reward is ${reward ?? 'missing'}; make the file again.`,
      );
    }
    return [{ number, repeatOf, reward, rates: checkedRates(rates, grouping, where) }];
  });
}

/**
 * Rates of the groups that hold something. A list for all groups may have any number in the place of an empty
 * one. [groups or non-empty groups] → [non-empty groups]
 */
function checkedRates(rates: readonly number[], grouping: Grouping, where: string): readonly number[] {
  const { groups, name } = grouping;
  if (rates.length === 0) {
    throw new InputError(`${where}: it has no learning rates; give trials of a search for rates.`);
  }
  const held = groups.flatMap((group, i) => (isEmptyGroup(group) ? [] : [i]));
  if (rates.length !== groups.length && rates.length !== held.length) {
    throw new InputError(
      `${where}: it has ${rates.length} learning rates and its grouping ${name} has ${groups.length} groups; make the file again.`,
    );
  }
  const own = rates.length === held.length ? rates : held.map((group) => rates[group] ?? NaN);
  const wrong = own.findIndex((rate) => !(rate > 0 && rate < Infinity));
  if (wrong >= 0) {
    const group = groups[held[wrong] ?? 0]?.name ?? '';
    throw new InputError(
      `${where}: the learning rate of "${group}" is ${String(own[wrong])}, and a mean of logarithms needs rates above 0; leave this trial out.`,
    );
  }
  return own;
}

/** Repeats that failed or diverged: the trial that each repeats, and the reward that it counts as. */
function lostRepeats(rows: readonly TrialRow[]): LostRepeat[] {
  const own = rows.flatMap(({ repeat_of, reward }) => (repeat_of === null ? [reward ?? Infinity] : []));
  const worst = own.reduce((least, one) => (one < least ? one : least), Infinity);
  return rows.flatMap(({ repeat_of: repeatOf, state }) =>
    repeatOf !== null && (state === 'failed' || state === 'diverged') ? [{ repeatOf, reward: worst }] : [],
  );
}

/** A trial and its repeats as one, under the trial's number: the same rates, the mean of the rewards. */
function averaged(runs: readonly Run[], lost: readonly LostRepeat[], file: string): RatedTrial[] {
  const byNumber = new Map<number, Run[]>();
  for (const run of runs) {
    const number = run.repeatOf ?? run.number;
    const same = byNumber.get(number) ?? [];
    byNumber.set(number, [...same, run]);
    const differs = same[0]?.rates.some((rate, i) => rate !== run.rates[i]) ?? false;
    if (differs) {
      throw new InputError(
        `${file}, trial ${run.number}: it repeats trial ${number} with other learning rates; make the file again.`,
      );
    }
  }
  return [...byNumber].map(([number, same]) => {
    const rewards = [...same, ...lost.filter(({ repeatOf }) => repeatOf === number)].map(
      ({ reward }) => reward,
    );
    return { number, reward: meanOf(rewards), rates: same[0]!.rates };
  });
}
