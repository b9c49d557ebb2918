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
  /** The values of rates, one a group or, as `combine` writes them, a group that holds something; or null. */
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

/** Rates less than this share apart count as the same where values are looked for: files round decimals. */
const ALIKE = 1e-6;

/** The named space over a grouping of an encoder of `layers` layers. */
export function namedSpace(
  name: SpaceName,
  grouping: Grouping,
  layers: number,
  range: RateRange = PAPER_RANGE,
): RateSpace {
  // A range from 0 on has no logarithms.
  const lr: FloatParameter = { type: 'float', low: range.low, high: range.high, log: range.low > 0 };
  switch (name) {
    case 'groups': {
      const places = groupNames(grouping);
      const names = [...places.keys()];
      return groupSpace(places, grouping, { names, parameters: names.map(() => lr) });
    }
    case 'flat':
      return curveSpace({ lr }, grouping, null);
    case 'decay':
      return curveSpace({ lr, decay: DECAY }, grouping, groupDepths(grouping, layers));
    case 'discriminative':
      return curveSpace({ lr }, grouping, groupDepths(grouping, layers));
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

/** The space in the text of `file`, with a parameter a group that holds something. @throws InputError */
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

/**
 * From the least to the largest rate that a space of a rate a group may give.
 * @throws InputError where that is one rate alone, or none that one rate for all groups could have
 */
export function rangeOf({ parameters }: SearchSpace, file: string): RateRange {
  const bounds = parameters.flatMap((parameter) =>
    parameter.type === 'categorical' ? parameter.choices.map(Number) : [parameter.low, parameter.high],
  );
  const [low, high] = [Math.min(...bounds), Math.max(...bounds)];
  if (low >= 0 && low < high) return { low, high };
  throw new InputError(
    `${file} leaves a control no rates to search (from ${low} to ${high}); correct it, or add --with-control no.`,
  );
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
  const placeOf = (name: string): number => places.get(name)!;
  const values = (listed: Rates): readonly Value[] | null => {
    const rates = ofAllGroups(groups, listed);
    const inOrder = space.names.map((name) => rates[placeOf(name)] ?? 0);
    return within(space, inOrder);
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

/**
 * A space whose rates are lr · decay^depth over the groups; without the parameter `decay` it is ULMFiT's.
 * @param depths of the groups; null: one rate for all
 */
function curveSpace(
  parameters: Readonly<Record<string, FloatParameter>>,
  { groups }: Grouping,
  depths: readonly number[] | null,
): RateSpace {
  const space = { names: Object.keys(parameters), parameters: Object.values(parameters) };
  const rates = (values: readonly Value[]): Rates => {
    const numbers = values.map((value, at) => rateOf(value, space.names[at]!));
    const [lr, decay = DISCRIMINATIVE] = [numbers[0]!, numbers[1]];
    return groups.map((group, place) => {
      if (isEmptyGroup(group)) return null;
      return depths === null ? lr : lr * decay ** depths[place]!;
    });
  };
  const flat = (rate: number): readonly Value[] | null =>
    within(space, [rate, 1].slice(0, space.names.length));
  return {
    space,
    rates,
    flat,
    values: (listed) => {
      const wanted = ofAllGroups(groups, listed);
      const first = wanted.find((rate) => rate !== null);
      const values = first === undefined ? null : flat(first);
      if (values === null) return null;
      const isSame = rates(values).every(
        (rate, place) => rate === null || Math.abs((wanted[place] ?? 0) / rate - 1) < ALIKE,
      );
      return isSame ? values : null;
    },
  };
}

/** Rates of the groups that hold something → one a group, null for the rest; or as they are, one a group. */
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
    const value = values[at]!;
    if (parameter.type === 'categorical') return parameter.choices.includes(value);
    return (
      value >= parameter.low &&
      value <= parameter.high &&
      (parameter.type === 'float' || Number.isInteger(value))
    );
  });
  return fits ? values : null;
}
