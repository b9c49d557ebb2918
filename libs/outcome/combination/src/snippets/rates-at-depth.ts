/**
 * The same distribution on an encoder of another depth: the paper's ten groups are shares of the depth, so
 * that their rates carry over; other groupings name layers and do not. Neighbour: `parameter-patterns.ts`,
 * which turns groups into code.
 */
import { InputError } from '@layerwise/errors';
import { isEmptyGroup, paperGrouping, type Grouping } from '@layerwise/optimizers';
import type { Distribution } from '../distribution/distribution.js';

export interface GroupedRates {
  readonly grouping: Grouping;
  /** One a group of the grouping; null where the group holds nothing. */
  readonly rates: readonly (number | null)[];
  /** Of the encoder; null where the groups are patterns, which do not tell. */
  readonly layers: number | null;
}

/**
 * @param layers of the encoder; undefined: of that which the trials trained
 * @throws InputError where the grouping does not carry over, or a group of the new depth has no rate
 */
export function ratesAtDepth(
  { grouping, rates }: Pick<Distribution, 'grouping' | 'rates'>,
  layers?: number,
): GroupedRates {
  const own = layersOf(grouping);
  const left = [...rates];
  const all = grouping.groups.map((group) => (isEmptyGroup(group) ? null : (left.shift() ?? null)));
  if (layers === undefined || layers === own) return { grouping, rates: all, layers: own };
  const { name } = grouping;
  if (name !== 'paper' && name !== 'paper-ceil') {
    throw new InputError(
      `--layers ${layers}: the rates are of the grouping ${name}${own === null ? '' : ` of ${own} layers`}, and only those of paper and paper-ceil carry over to another depth; leave it out.`,
    );
  }
  const other = paperGrouping(layers, name);
  const missing = other.groups.find((group, i) => !isEmptyGroup(group) && all[i] === null);
  if (missing !== undefined) {
    throw new InputError(
      `--layers ${layers}: the trials trained an encoder of ${own ?? 0} layers, which has no rate for "${missing.name}"; choose at most its depth.`,
    );
  }
  return {
    grouping: other,
    rates: other.groups.map((group, i) => (isEmptyGroup(group) ? null : (all[i] ?? null))),
    layers,
  };
}

/** Depth of the encoder that a grouping is of, or null of patterns. */
function layersOf({ name, groups }: Grouping): number | null {
  if (name === 'patterns') return null;
  return 1 + Math.max(-1, ...groups.flatMap(({ parts }) => parts.filter((part) => typeof part === 'number')));
}
