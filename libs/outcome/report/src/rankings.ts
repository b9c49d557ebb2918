/**
 * What a report takes from an evaluation's `ranks.json`: mean ranks of methods over many pairs (Demšar 2006),
 * or why there are none.
 */
import { InputError } from '@layerwise/errors';
import { z } from 'zod';

const schema = z.array(
  z.object({
    measure: z.string(),
    pairs: z.int(),
    ranks: z.array(z.object({ method: z.string(), meanRank: z.number() })),
    p: z.number().nullable(),
    criticalDifference: z.number().nullable(),
    reason: z.string().nullable(),
  }),
);

export type Ranking = z.infer<typeof schema>[number];

/** @param file for messages @throws InputError where it is no such file */
export function rankingsOf(json: unknown, file: string): readonly Ranking[] {
  const parsed = schema.safeParse(json);
  if (parsed.success) return parsed.data;
  throw new InputError(`${file} is not what an evaluation writes; run \`layerwise evaluate\` again.`);
}
