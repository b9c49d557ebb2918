/** Reads `combination.json` back into a distribution: the way back of `export-json.ts`. */
import { InputError } from '@layerwise/errors';
import { groupingFromJson } from '@layerwise/optimizers';
import { readJson } from '@layerwise/artifacts';
import { z } from 'zod';
import { heldGroups, type Distribution } from './distribution.js';
import { WEIGHTING_NAMES } from './options.js';

const rates = z.array(z.number().positive());
const count = z.int().nonnegative();

const schema = z.object({
  rates,
  perPair: z.record(z.string(), rates),
  grouping: z.json(),
  weights: z.object({
    name: z.enum(WEIGHTING_NAMES),
    b: z.number().optional(),
    top: z.number().optional(),
    temperature: z.number().optional(),
  }),
  band: z.object({ level: z.number(), resamples: count, seed: z.int(), low: rates, high: rates }),
  pairs: z.array(
    z.object({
      pair: z.string(),
      trials: count,
      bestReward: z.number(),
      flat: z.array(z.object({ trial: z.int(), rate: z.number(), reward: z.number(), place: z.int() })),
    }),
  ),
  leaveOneOut: z.record(z.string(), rates).optional(),
});

/**
 * @throws InputError where the file cannot be read or is no combination, or its rates do not fit its groups
 */
export async function readCombination(file: string): Promise<Distribution> {
  const parsed = schema.safeParse(await readJson(file, 'run `layerwise combine` again'));
  if (!parsed.success) {
    const place = parsed.error.issues[0]?.path.join('.') ?? '';
    throw new InputError(
      `${file} is no combination (${place === '' ? 'it' : place} is wrong); run \`layerwise combine\` again.`,
    );
  }
  const { data } = parsed;
  const grouping = groupingFromJson(JSON.stringify(data.grouping), file);
  const groups = heldGroups(grouping);
  const lists = [data.rates, data.band.low, data.band.high, ...Object.values(data.perPair)];
  if (lists.some((list) => list.length !== groups.length)) {
    throw new InputError(
      `${file} does not have a rate for each of its ${groups.length} groups; make it again.`,
    );
  }
  const { name, b, top, temperature } = data.weights;
  const { level, resamples, seed, low, high } = data.band;
  return {
    grouping,
    groups,
    rates: data.rates,
    band: { low, high },
    perPair: data.pairs.map((pair) => ({ ...pair, rates: data.perPair[pair.pair] ?? [] })),
    leftOut: Object.entries(data.leaveOneOut ?? {}).map(([pair, own]) => ({
      pair,
      rates: own,
      largestFactor: Math.max(
        ...own.map((rate, group) => Math.exp(Math.abs(Math.log(rate / (data.rates[group] ?? NaN))))),
      ),
    })),
    settings: {
      weights: name,
      numbers: {
        ...(b !== undefined && { b }),
        ...(top !== undefined && { top }),
        ...(temperature !== undefined && { temperature }),
      },
      bootstrap: { resamples, seed, level },
      leaveOneOut: data.leaveOneOut !== undefined,
    },
  };
}
