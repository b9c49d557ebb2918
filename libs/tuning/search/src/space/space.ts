/**
 * The search space: named parameters, each with a range or with choices. The samplers see it as the unit
 * cube, one coordinate a parameter (`unit.ts` maps values there and back); everything else sees values.
 */
import { z } from 'zod';

/** A value of a parameter, as JSON writes it. */
export const valueSchema = z.union([z.number(), z.string(), z.boolean()]);
export type Value = z.output<typeof valueSchema>;

const log = z.boolean().optional();
/** Any number from `low` to `high`; with `log`, its logarithm is what is searched evenly. */
const float = z.strictObject({ type: z.literal('float'), low: z.number(), high: z.number(), log });
/** Any whole number from `low` to `high`, both included. */
const integer = z.strictObject({ type: z.literal('integer'), low: z.int(), high: z.int(), log });
/** One of some values that have no order. */
const categorical = z.strictObject({
  type: z.literal('categorical'),
  choices: z.array(valueSchema).min(1).readonly(),
});

/** As `parse-space.ts` makes it, which checks ranges too. A trial's values come in the same order. */
export const spaceSchema = z.strictObject({
  names: z.array(z.string()).min(1).readonly(),
  parameters: z
    .array(z.discriminatedUnion('type', [float, integer, categorical]))
    .min(1)
    .readonly(),
});

export type FloatParameter = z.output<typeof float>;
export type IntegerParameter = z.output<typeof integer>;
export type CategoricalParameter = z.output<typeof categorical>;
export type SearchSpace = z.output<typeof spaceSchema>;
export type Parameter = SearchSpace['parameters'][number];
