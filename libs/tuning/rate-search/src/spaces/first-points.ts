/**
 * Points that a search tries first, because somebody knows them to be good: the flat rates 1e-5 and 2e-5, and
 * those of `--given FILE`, which holds one point or a list of them in JSON. A point is one of
 *
 *     {"flat": 2e-5}                    one rate for all groups
 *     {"rates": [1e-6, 2e-6, …]}        a rate a group, those that hold nothing null or left out: a combination.json of `layerwise combine`
 *     {"lr0": 1e-6, "lr1": 2e-6, …}     the space's own parameters
 */
import { fileExists, InputError, readRegular } from '@layerwise/errors';
import type { Rates } from '@layerwise/optimizers';
import { parseValues, type SearchSpace, type Value } from '@layerwise/search';
import { z } from 'zod';
import { jsonOf } from './space-file.js';
import type { RateSpace } from './spaces.js';

/** Tried first in every space of rates; a space that does not hold one leaves it out. */
export const KNOWN_FLAT_RATES = [1e-5, 2e-5];

const points = z.union([z.array(z.record(z.string(), z.unknown())), z.record(z.string(), z.unknown())]);
const flatPoint = z.strictObject({ flat: z.number().positive() });
/** What else `combine` prints beside the rates is left alone. */
const ratesPoint = z.object({ rates: z.array(z.number().nullable()) });

/** A point that is tried first. */
export interface FirstPoint {
  /** In the space's order. */
  readonly values: readonly Value[];
  /** The one rate of all groups; null of other points. */
  readonly flat: number | null;
}

/**
 * The points of a file. @param rates null: a space of other things than rates
 * @throws InputError naming the point that does not fit
 */
export function readFirstPoints(file: string, space: SearchSpace, rates: RateSpace | null): FirstPoint[] {
  if (!fileExists(file))
    throw new InputError(`--given ${file} cannot be read; give a file with points in JSON.`);
  const read = points.safeParse(jsonOf(readRegular(file).toString(), file));
  if (!read.success)
    throw new InputError(`${file} holds neither a point, such as {"flat": 2e-5}, nor a list of points.`);
  const list = Array.isArray(read.data) ? read.data : [read.data];
  return list.map((point, place) => {
    const values = valuesOf(point, `${file}, point ${place + 1}`, space, rates);
    const flat = flatPoint.safeParse(point).data?.flat;
    return { values, flat: flat ?? (rates === null ? null : oneRate(rates.rates(values))) };
  });
}

function valuesOf(
  point: Record<string, unknown>,
  where: string,
  space: SearchSpace,
  rates: RateSpace | null,
): readonly Value[] {
  if (rates === null) return parseValues(space, point, where);
  const { data: flat } = flatPoint.safeParse(point);
  const { data: vector } = ratesPoint.safeParse(point);
  if (flat === undefined && vector === undefined) return parseValues(space, point, where);
  const values = flat === undefined ? rates.values(vector!.rates) : rates.flat(flat.flat);
  if (values !== null) return values;
  const what = vector === undefined ? 'this rate' : `these ${vector.rates.length} rates`;
  throw new InputError(
    `${where}: the space, ${space.names.join(', ')}, does not hold ${what}; choose another --space, or leave the point out.`,
  );
}

/** The rate of all groups that hold something, where that is one. */
function oneRate(rates: Rates): number | null {
  const [first = null, ...others] = new Set(rates.filter((rate) => rate !== null));
  return others.length === 0 ? first : null;
}
