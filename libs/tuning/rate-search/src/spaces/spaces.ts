/**
 * The spaces that `layerwise search` offers: what is searched, and the rate of each layer group that values
 * stand for.
 *
 * | name | parameters | rates |
 * | --- | --- | --- |
 * | groups | `lr0`, `lr1`, …: a rate of each group that holds a tensor | as they are: the paper's space |
 * | flat | `lr` | one for all groups: the control |
 * | decay | `lr`, and `decay` in [0.3, 1.3] | lr · decay^depth (as in timm and BEiT) |
 * | discriminative | `lr` | lr / 2.6^depth (Howard and Ruder 2018, ULMFiT) |
 * | a file | any of `lr0`, … all of them | as they are |
 *
 * Rates lie in [1e-7, 1e-3], the paper's range, unless another is given. A group that holds no tensor has no
 * parameter and the rate null. Depths count layers below the head; a group of several layers lies at their
 * mean depth.
 */
import { InputError } from '@layerwise/errors';
import { groupDepths, isEmptyGroup, type Grouping, type LayerGroup, type Rates } from '@layerwise/optimizers';
import type { FloatParameter, SearchSpace, Value } from '@layerwise/search';
import type { SpaceName } from '../options.js';
import { spaceOfText } from './space-file.js';

export interface RateSpace {
  readonly space: SearchSpace;
  /** Values in the space's order → a rate a group, null where the group is empty. */
  readonly rates: (values: readonly Value[]) => Rates;
  /**
   * The values that stand for given rates, one a group, or one for each group that holds something, as
   * `layerwise combine` writes them; null where no values do.
   */
  readonly values: (rates: Rates) => readonly Value[] | null;
  /** The values nearest to one rate for all groups; null where that lies outside of the space. */
  readonly flat: (rate: number) => readonly Value[] | null;
}

/** Bounds of every rate that a named space searches. */
export interface RateRange {
  readonly low: number;
  readonly high: number;
}

export const PAPER_RANGE: RateRange = { low: 1e-7, high: 1e-3 };
const DECAY: FloatParameter = { type: 'float', low: 0.3, high: 1.3, log: true };
/** From one layer to the one below, in ULMFiT. */
const DISCRIMINATIVE = 1 / 2.6;

/**
 * Rates below this share apart count as the same when values are looked for: decimals are rounded in files.
 */
const ALIKE = 1e-6;

/** The named space over a grouping of an encoder of `layers` layers. */
export function namedSpace(
  name: SpaceName,
  grouping: Grouping,
  layers: number,
  range: RateRange = PAPER_RANGE,
): RateSpace {
  const bounds: FloatParameter = { type: 'float', low: range.low, high: range.high, log: true };
  switch (name) {
    case 'groups': {
      const names = groupNames(grouping);
      const space = { names: [...names.keys()], parameters: [...names.keys()].map(() => bounds) };
      return groupSpace(names, grouping, space);
    }
    case 'flat':
      return curveSpace(
        { lr: bounds },
        grouping,
        ([lr = 0]) =>
          () =>
            lr,
        (rate) => [rate],
      );
    case 'decay': {
      const depth = groupDepths(grouping, layers);
      const rates =
        ([lr = 0, decay = 1]: readonly number[]) =>
        (group: number) =>
          lr * decay ** (depth[group] ?? 0);
      return curveSpace({ lr: bounds, decay: DECAY }, grouping, rates, (rate) => [rate, 1]);
    }
    case 'discriminative': {
      const depth = groupDepths(grouping, layers);
      const rates =
        ([lr = 0]: readonly number[]) =>
        (group: number) =>
          lr * DISCRIMINATIVE ** (depth[group] ?? 0);
      return curveSpace({ lr: bounds }, grouping, rates, (rate) => [rate]);
    }
  }
}

/** The space of a search that was begun: `space` holds the parameters of one from a file. */
export function recordedSpace(
  name: SpaceName | 'file',
  grouping: Grouping,
  layers: number,
  space: SearchSpace,
): RateSpace {
  if (name === 'file') return groupSpace(groupNames(grouping), grouping, space);
  // The first parameter of every named space is a rate.
  const [rate] = space.parameters;
  return namedSpace(name, grouping, layers, rate?.type === 'float' ? rate : PAPER_RANGE);
}

/**
 * The space in the text of `file`, with a parameter for each group that holds something. @throws InputError
 * for another one
 */
export function spaceOfJson(text: string, file: string, grouping: Grouping): RateSpace {
  const space = spaceOfText(text, file);
  const wanted = groupNames(grouping);
  const missing = [...wanted.keys()].find((name) => !space.names.includes(name));
  const other = space.names.find((name) => !wanted.has(name));
  const list = [...wanted.keys()].join(', ');
  if (missing !== undefined)
    throw new InputError(`${file} has no ${missing}; this encoder's groups need ${list}.`);
  if (other !== undefined)
    throw new InputError(
      `${file} has the parameter ${other}, which is no group of this encoder; it needs ${list}.`,
    );
  return groupSpace(wanted, grouping, space);
}

/** `lr0` and so on for the groups that hold something, by their place in the grouping. */
function groupNames({ groups }: Grouping): Map<string, number> {
  return new Map(
    groups.flatMap((group, place) => (isEmptyGroup(group) ? [] : [[`lr${place}`, place] as const])),
  );
}

function groupSpace(
  places: ReadonlyMap<string, number>,
  { groups }: Grouping,
  space: SearchSpace,
): RateSpace {
  const placeOf = (name: string): number => places.get(name) ?? -1;
  const values = (listed: Rates): readonly Value[] | null => {
    const rates = ofAllGroups(groups, listed);
    return within(
      space,
      space.names.map((name) => rates[placeOf(name)] ?? 0),
    );
  };
  return {
    space,
    rates: (all) => {
      const rates: (number | null)[] = groups.map(() => null);
      space.names.forEach((name, at) => (rates[placeOf(name)] = rateOf(all[at], name)));
      return rates;
    },
    values,
    flat: (rate) => values(groups.map(() => rate)),
  };
}

/** A space whose rates lie on a curve over the groups. */
function curveSpace(
  parameters: Readonly<Record<string, FloatParameter>>,
  { groups }: Grouping,
  curve: (values: readonly number[]) => (group: number) => number,
  flat: (rate: number) => readonly number[],
): RateSpace {
  const space = { names: Object.keys(parameters), parameters: Object.values(parameters) };
  const rates = (values: readonly Value[]): Rates => {
    const numbers = values.map((value, at) => rateOf(value, space.names[at] ?? ''));
    return groups.map((group, place) => (isEmptyGroup(group) ? null : curve(numbers)(place)));
  };
  const flatValues = (rate: number): readonly Value[] | null => within(space, flat(rate));
  return {
    space,
    rates,
    flat: flatValues,
    values: (listed) => {
      const wanted = ofAllGroups(groups, listed);
      const [first] = wanted.filter((rate) => rate !== null);
      const values = first === undefined ? null : flatValues(first);
      if (values === null) return null;
      const found = rates(values);
      const isSame = found.every(
        (rate, place) => rate === null || Math.abs((wanted[place] ?? 0) / rate - 1) < ALIKE,
      );
      return isSame ? values : null;
    },
  };
}

/**
 * Rates of the groups that hold something → one a group, null for the others; rates that are one a group
 * already, as they are.
 */
function ofAllGroups(groups: readonly LayerGroup[], rates: Rates): Rates {
  const held = groups.filter((group) => !isEmptyGroup(group));
  if (rates.length !== held.length) return rates;
  const left = [...rates];
  return groups.map((group) => (isEmptyGroup(group) ? null : (left.shift() ?? null)));
}

function rateOf(value: Value | undefined, name: string): number {
  if (typeof value === 'number' && value >= 0) return value;
  throw new InputError(`${name} is ${String(value)}, and a rate has to be a number of at least 0.`);
}

/** The values, or null where one lies outside of its parameter's range or choices. */
function within({ parameters }: SearchSpace, values: readonly number[]): readonly number[] | null {
  const fits = parameters.every((parameter, at) => {
    const value = values[at] ?? Number.NaN;
    if (parameter.type === 'categorical') return parameter.choices.includes(value);
    return (
      value >= parameter.low &&
      value <= parameter.high &&
      (parameter.type === 'float' || Number.isInteger(value))
    );
  });
  return fits ? values : null;
}
