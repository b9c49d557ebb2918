/** Puts each tensor into exactly one group of a grouping, and tells what came out (`layerwise groups`). */
import { InputError } from '@layerwise/errors';
import type { Grouping, LayerGroup, Part } from './layer-groups.js';
import { matcherOf } from './pattern-groups.js';

/** The part of an encoder that a tensor is of, as its architecture says; undefined for an unknown name. */
export type LayerOf = (tensor: string) => Part | undefined;

/**
 * The index of each tensor's group, in the order of `tensors` (all of a model's, heads included).
 * @throws InputError that names tensors of no group or of several, or a pattern group without a tensor.
 */
export function assignGroups(
  grouping: Grouping,
  tensors: readonly string[],
  layerOf: LayerOf,
): Int32Array<ArrayBuffer> {
  const holds = grouping.groups.map((group) => membership(group, layerOf));
  const groups = tensors.map((tensor) => holds.flatMap((test, index) => (test(tensor) ? [index] : [])));
  const wrong = tensors.flatMap((tensor, i) => {
    const found = groups[i]!.map((index) => `"${grouping.groups[index]!.name}"`);
    if (found.length === 1) return [];
    const where = found.length === 0 ? 'no group' : `the groups ${found.join(' and ')}`;
    return [`"${tensor}" falls into ${where}`];
  });
  if (wrong.length > 0) {
    const more = wrong.length > SHOWN ? ` and ${wrong.length - SHOWN} more` : '';
    throw new InputError(
      `With the grouping ${grouping.name} every tensor must fall into exactly one group, but ` +
        `${wrong.slice(0, SHOWN).join(', ')}${more}; choose other --groups or correct their patterns.`,
    );
  }
  const assigned = Int32Array.from(groups, ([index]) => index!);
  refuseUnmatched(grouping, assigned);
  return assigned;
}

/** One line of the table of groups. */
export interface GroupRow {
  readonly group: number;
  readonly name: string;
  readonly tensors: readonly string[];
  /** Number of scalars in those tensors. */
  readonly parameters: number;
  /** null where the group has no tensor, or where no rates were given. */
  readonly rate: number | null;
}

/** What each group holds; `rates` has one a group. @throws InputError as `assignGroups` does. */
export function describeGroups(
  grouping: Grouping,
  tensors: readonly { readonly name: string; readonly shape: readonly number[] }[],
  options: { readonly layerOf: LayerOf; readonly rates?: readonly (number | null)[] },
): GroupRow[] {
  const names = tensors.map(({ name }) => name);
  const assigned = assignGroups(grouping, names, options.layerOf);
  return grouping.groups.map(({ name }, group) => {
    const held = tensors.filter((_, i) => assigned[i] === group);
    const parameters = held.reduce(
      (sum, { shape }) => sum + shape.reduce((product, size) => product * size, 1),
      0,
    );
    const rate = held.length === 0 ? null : (options.rates?.[group] ?? null);
    return { group, name, tensors: held.map((tensor) => tensor.name), parameters, rate };
  });
}

/** Tensors named in one message. */
const SHOWN = 5;

function membership({ parts, patterns }: LayerGroup, layerOf: LayerOf): (tensor: string) => boolean {
  const matchers = patterns.map(matcherOf);
  return (tensor) => {
    const part = layerOf(tensor);
    return (part !== undefined && parts.includes(part)) || matchers.some((matcher) => matcher.test(tensor));
  };
}

/** A user's group that holds nothing is a slip of the pen; an empty part of a shallow encoder is not. */
function refuseUnmatched({ groups }: Grouping, assigned: Int32Array): void {
  groups.forEach(({ name, patterns }, index) => {
    if (patterns.length > 0 && !assigned.includes(index)) {
      throw new InputError(
        `The layer group "${name}" holds no tensor: nothing is called ${patterns.map((p) => `"${p}"`).join(' or ')}; ` +
          'correct its patterns (`layerwise groups` lists the names).',
      );
    }
  });
}
