/**
 * Rates that a search or a combination found, for `--rates-from`: a folder that `search` or `combine` left, or the study.json,
 * trials.arrow or combination.json in it. Of a search they are its best trial's, for `flat-tuned` its control's.
 */
import { existsSync, readFileSync, statSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { InputError } from '@layerwise/errors';
import { readSearch } from '@layerwise/evaluation';
import {
  fingerprinted,
  isEmptyGroup,
  readGrouping,
  refuseMixedGroupings,
  type Grouping,
  type Rates,
} from '@layerwise/optimizers';
import { z } from 'zod';

/** A grouping that found rates, and one rate a group, null where it holds nothing. */
interface Found {
  readonly grouping: Grouping;
  readonly rates: Rates;
}

/**
 * As `--rates` takes them, for an encoder of `layers` layers grouped by `groups`.
 * @throws InputError where there are none, or they are of other layer groups
 */
export async function ratesFrom(
  path: string,
  method: string | undefined,
  groups: string,
  layers: number,
): Promise<string> {
  const { grouping, rates } = await foundIn(path, method);
  try {
    refuseMixedGroupings(grouping, readGrouping(groups, layers));
  } catch (error) {
    if (error instanceof InputError) throw new InputError(`--rates-from ${path}: ${error.message}`);
    throw error;
  }
  return rates.map(String).join(',');
}

async function foundIn(path: string, method: string | undefined): Promise<Found> {
  if (!existsSync(path)) throw new InputError(`There is nothing at ${path} for --rates-from.`);
  const isFolder = statSync(path).isDirectory();
  const folder = isFolder ? path : dirname(path);
  const combination = isFolder ? join(path, 'combination.json') : path;
  if (basename(combination) === 'study.json' || basename(combination) === 'trials.arrow')
    return searched(folder, method);
  if (existsSync(combination)) return combined(combination);
  if (existsSync(join(folder, 'trials.arrow'))) return searched(folder, method);
  throw new InputError(
    `${path} is neither a search's folder nor a combination; give a folder with trials.arrow or combination.json.`,
  );
}

async function searched(folder: string, method: string | undefined): Promise<Found> {
  const { best, flat, trials } = await readSearch(folder);
  const { grouping } = trials;
  if (method !== 'flat-tuned') {
    if (best !== null) return { grouping, rates: best };
    throw new InputError(`The search in ${folder} has no best trial yet; let it go on.`);
  }
  // The control's own folder will do as well.
  const rates = flat ?? best;
  if (rates !== null && new Set(rates.filter((rate) => rate !== null)).size === 1) return { grouping, rates };
  throw new InputError(
    `The search in ${folder} has no control, which flat-tuned takes its rate from; run it again with --with-control.`,
  );
}

const combinationSchema = z.object({
  rates: z.array(z.number()),
  grouping: z.object({
    name: z.enum(['paper', 'paper-ceil', 'layers', 'patterns']),
    groups: z.array(
      z.object({
        name: z.string(),
        parts: z.array(z.union([z.int().nonnegative(), z.enum(['embeddings', 'head'])])),
        patterns: z.array(z.string()),
      }),
    ),
  }),
});

/** `rates` there are those of the groups that hold something. */
function combined(file: string): Found {
  let parsed: z.output<typeof combinationSchema>;
  try {
    parsed = combinationSchema.parse(JSON.parse(readFileSync(file, 'utf8')));
  } catch {
    throw new InputError(`${file} is not the combination.json of \`layerwise combine\`; make it again.`);
  }
  const grouping = fingerprinted(parsed.grouping.name, parsed.grouping.groups);
  const left = [...parsed.rates];
  const rates = grouping.groups.map((group) => (isEmptyGroup(group) ? null : (left.shift() ?? null)));
  return { grouping, rates };
}
