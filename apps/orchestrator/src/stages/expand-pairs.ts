/**
 * One entry a pair, so that a preset of many pairs says everything once.
 *
 *     pairs:
 *       searched:
 *         a-b: { original: A, shifted: B }
 *         b-a: { original: B, shifted: A }
 *     datasets@searched:             # datasets@a-b and datasets@b-a, with the pair's values beside these
 *       trainLimit: 1000
 *     search@searched:               # each reads what has its own variant: dataset-shift@a-b (`stage-inputs.ts`)
 *     combination:
 *       searches: search@searched    # all of them
 *
 * With some of the pairs alone (`only`), an entry that was to read pairs of which none is left is left out
 * too, and so are words for it.
 *
 * A group's name behind the @ of a key makes an entry of each pair. In an entry's values it stands for the
 * entry's own pair where the entry is of that group, and else for all pairs of the group.
 */
import { InputError } from '@layerwise/errors';
import { z } from 'zod';
import { nearestOf } from './nearest.js';
import { loadStage } from './registry.js';

/** The key of the groups. */
export const PAIRS = 'pairs';

type Values = Readonly<Record<string, unknown>>;
type Entries = Readonly<Record<string, Values>>;
type Groups = Readonly<Record<string, Entries>>;

const NAME = /^[a-z0-9]+(-[a-z0-9]+)*$/;
const groupsShape = z.record(
  z.string().regex(NAME),
  z.record(z.string().regex(NAME), z.record(z.string(), z.unknown())),
);

/**
 * @param written entries as they stand in the file, with the groups under `pairs`
 * @param only names of pairs: the others are left out
 * @throws InputError where groups are malformed, share a name, or `only` names a pair that there is not
 */
export async function expandPairs(
  written: Entries,
  file: string,
  only?: readonly string[],
): Promise<Entries> {
  const { [PAIRS]: pairs, ...entries } = written;
  const groups = groupsOf(pairs ?? {}, file, only);
  const expanded: (readonly [string, Values])[] = [];
  for (const [key, values] of Object.entries(entries)) {
    const [stage = '', variant] = key.split('@');
    const group = variant === undefined ? undefined : groups[variant];
    if (variant === undefined || group === undefined) {
      expanded.push([key, withPairs(values, groups, null)]);
      continue;
    }
    const { takesPair = false } = await loadStage(stage);
    for (const [pair, own] of Object.entries(group)) {
      const its = withPairs(values, groups, { group: variant, pair });
      expanded.push([`${stage}@${pair}`, takesPair ? { ...own, ...its } : its]);
    }
  }
  const isLeft = ([, values]: readonly [string, Values]): boolean =>
    !Object.values(values).some((value) => Array.isArray(value) && value.length === 0);
  const gone = new Set(expanded.filter((entry) => !isLeft(entry)).map(([name]) => name));
  const without = (value: unknown): unknown =>
    Array.isArray(value)
      ? value.filter((word) => typeof word !== 'string' || !gone.has(word.split('/')[0] ?? ''))
      : value;
  return Object.fromEntries(
    expanded
      .filter(isLeft)
      .map(([name, values]) => [
        name,
        Object.fromEntries(Object.entries(values).map(([key, value]) => [key, without(value)])),
      ]),
  );
}

function groupsOf(pairs: unknown, file: string, only: readonly string[] | undefined): Groups {
  const parsed = groupsShape.safeParse(pairs);
  if (!parsed.success) {
    const place = [PAIRS, ...(parsed.error.issues[0]?.path ?? [])].join('.');
    throw new InputError(
      `${file}: ${place} must be a group of pairs by name, each with its original and its shifted task; names are lower-case words joined by -.`,
    );
  }
  const names = Object.values(parsed.data).flatMap((group) => Object.keys(group));
  const twice = names.find((name, at) => names.indexOf(name) !== at || Object.hasOwn(parsed.data, name));
  if (twice !== undefined)
    throw new InputError(`${file}: ${PAIRS} has the name ${twice} twice; give each pair and group its own.`);
  if (only === undefined) return parsed.data;
  const unknown = only.find((name) => !names.includes(name));
  if (unknown !== undefined) {
    const nearest = nearestOf(unknown, names);
    throw new InputError(
      `${file} has no pair "${unknown}"${nearest === undefined ? '' : ` (did you mean ${nearest}?)`}; ${names.length === 0 ? 'it has none' : `its pairs are ${names.join(', ')}`}.`,
    );
  }
  return Object.fromEntries(
    Object.entries(parsed.data).map(([name, group]) => [
      name,
      Object.fromEntries(Object.entries(group).filter(([pair]) => only.includes(pair))),
    ]),
  );
}

/** Values with every word `STAGE@GROUP` or `STAGE@GROUP/PATH` replaced by entries. */
function withPairs(
  values: Values,
  groups: Groups,
  of: { readonly group: string; readonly pair: string } | null,
): Values {
  const expand = (value: unknown): unknown[] => {
    if (typeof value !== 'string') return [value];
    const [, stage = '', name = '', rest = ''] = /^([^@/]+)@([^/]+)(\/.*)?$/.exec(value) ?? [];
    if (!Object.hasOwn(groups, name)) return [value];
    const pairs = of?.group === name ? [of.pair] : Object.keys(groups[name] ?? {});
    return pairs.map((pair) => `${stage}@${pair}${rest}`);
  };
  return Object.fromEntries(
    Object.entries(values).map(([key, value]) => {
      if (Array.isArray(value)) return [key, value.flatMap(expand)];
      const found = expand(value);
      return [key, found.length === 1 ? found[0] : found];
    }),
  );
}
