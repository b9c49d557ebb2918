/**
 * Reads the trials of a search (trials.arrow) or of the paper's authors (.csv) as `ObservedTrials`. Of a
 * search every rung counts that told a reward, repeats too; the authors' logs know full runs alone, over the
 * paper's space.
 */
import { extname } from 'node:path';
import { parseJson, readRows, trialsTable } from '@layerwise/artifacts';
import { heldGroups, pairNameOf, readTrials } from '@layerwise/combination';
import { InputError } from '@layerwise/errors';
import { groupingFromJson, isEmptyGroup, type Grouping } from '@layerwise/optimizers';
import {
  parseRecordedSpace,
  parseValues,
  toUnit,
  type FloatParameter,
  type SearchSpace,
} from '@layerwise/search';
import type { ObservedTrials, Run } from './observed.js';

/** Of the paper's space. */
const PAPER_RATE: FloatParameter = { type: 'float', low: 1e-7, high: 1e-3, log: true };

/** @throws InputError where the file is of neither kind, cannot be read, or is malformed */
export async function readObserved(file: string): Promise<ObservedTrials> {
  return extname(file).toLowerCase() === '.arrow' ? readSearch(file) : readLog(file);
}

async function readLog(file: string): Promise<ObservedTrials> {
  const { pair, grouping, trials } = await readTrials(file);
  const held = heldPlaces(grouping);
  const space = { names: held.map((place) => `lr${place}`), parameters: held.map(() => PAPER_RATE) };
  const runs = trials.map(({ number, reward, rates }): Run => {
    const beyond = rates.findIndex((rate) => rate < PAPER_RATE.low || rate > PAPER_RATE.high);
    if (beyond >= 0) {
      throw new InputError(
        `${file}, trial ${number}: lr_${beyond} is ${rates[beyond] ?? NaN}, outside of the paper's space of 1e-7 to 1e-3; leave this trial out.`,
      );
    }
    return { trial: number, repeatOf: null, unit: toUnit(space, rates), fidelity: 1, reward };
  });
  return { pair, statedPair: pair, file, space, names: heldGroups(grouping), grouping, runs, silent: 0 };
}

async function readSearch(file: string): Promise<ObservedTrials> {
  const { metadata, rows } = await readRows(file, trialsTable);
  const { groups, pair } = metadata;
  const space = parseRecordedSpace(jsonOf(metadata.space, file), `${file}, its space`);
  const grouping = groups.trim() === '' ? null : groupingFromJson(groups, file);
  const own = grouping === null ? null : groupsOf(space, grouping);
  const runs = rows.flatMap(({ trial, repeat_of: repeatOf, values, fidelity, reward }): Run[] => {
    if (fidelity === null || reward === null || !Number.isFinite(reward)) return [];
    const where = `${file}, trial ${trial}`;
    const unit = toUnit(space, parseValues(space, jsonOf(values, where), where));
    // Fidelities are quotients, so that the last one may be 1 but for rounding.
    return [{ trial, repeatOf, unit, fidelity: Math.abs(fidelity - 1) < 1e-9 ? 1 : fidelity, reward }];
  });
  const lostRepeats = rows.flatMap(({ state, repeat_of }) =>
    state === 'failed' || state === 'diverged' ? (repeat_of ?? []) : [],
  );
  const stated = pair.trim() === '' ? null : pair;
  const rewarded = new Set(runs.map(({ trial }) => trial));
  return {
    pair: stated ?? pairNameOf(file),
    statedPair: stated,
    file,
    space,
    names: own ?? space.names,
    grouping: own === null ? null : grouping,
    runs,
    lostRepeats,
    silent: new Set(rows.map(({ trial }) => trial)).size - rewarded.size,
  };
}

/**
 * Names of the groups whose rates are the space's parameters, in its order; null where the parameters are
 * something else.
 */
function groupsOf({ names, parameters }: SearchSpace, grouping: Grouping): string[] | null {
  const byName = new Map<string, string>(
    heldPlaces(grouping).map((place) => [`lr${place}`, grouping.groups[place]?.name ?? '']),
  );
  const own = names.flatMap((name) => byName.get(name) ?? []);
  const isEach = own.length === names.length && names.length === byName.size;
  return isEach && parameters.every(({ type }) => type === 'float') ? own : null;
}

function heldPlaces({ groups }: Grouping): number[] {
  return groups.flatMap((group, place) => (isEmptyGroup(group) ? [] : [place]));
}

function jsonOf(text: string, where: string): unknown {
  const value = parseJson(text);
  if (value !== undefined) return value;
  throw new InputError(`${where}: "${text.slice(0, 30)}" is not JSON; make the file again.`);
}
