/**
 * What a report takes from a search's `study.json`: its best trial and how that compares with the control.
 */
import { InputError } from '@layerwise/errors';
import { z } from 'zod';

const repeats = z.object({
  rewards: z.array(z.number()),
  mean: z.number(),
  low: z.number().nullable(),
  high: z.number().nullable(),
});
const sample = z.object({ rewards: z.array(z.number()), mean: z.number() });

const schema = z.object({
  done: z.string().nullable(),
  report: z.object({
    best: z
      .object({
        trial: z.int(),
        reward: z.number(),
        fidelity: z.number(),
        rates: z.array(z.number().nullable()).nullable(),
        repeats: repeats.nullable(),
      })
      .nullable(),
    trials: z.int(),
    states: z.record(z.string(), z.int()),
    steps: z.object({ search: z.number(), repeats: z.number() }),
  }),
  comparison: z
    .object({
      rows: z.enum(['dev', 'chosen']),
      search: sample,
      control: sample,
      difference: z.number(),
      low: z.number().nullable(),
      high: z.number().nullable(),
    })
    .nullable()
    .optional(),
});

export type SearchOutcome = z.infer<typeof schema>;

/** @param file for messages @throws InputError where it is no study of a search */
export function searchOutcome(json: unknown, file: string): SearchOutcome {
  const parsed = schema.safeParse(json);
  if (parsed.success) return parsed.data;
  const place = parsed.error.issues[0]?.path.join('.') ?? '';
  throw new InputError(
    `${file} is not what a search writes (${place} is wrong); run \`layerwise search\` again.`,
  );
}
