/** Parts of reading config.json that every architecture's description shares. */
import { InputError } from '@layerwise/errors';
import { z } from 'zod';

const labelsSchema = z.record(z.string().regex(/^\d+$/), z.string());

/**
 * Label names in the order of their numbers (`id2label`), or undefined where config.json has none.
 * @throws InputError when the numbers are not 0, 1, 2, … or a name stands twice.
 */
export function labelsOf(
  file: string,
  raw: Readonly<Record<string, unknown>>,
): readonly string[] | undefined {
  if (raw.id2label === undefined || raw.id2label === null) return undefined;
  const parsed = labelsSchema.safeParse(raw.id2label);
  if (!parsed.success)
    throw new InputError(`${file} has an id2label that is not an object of numbers to names.`);
  const labels = Object.keys(parsed.data).map((_, id) => parsed.data[String(id)]);
  const known = labels.filter((label) => label !== undefined);
  if (known.length !== labels.length)
    throw new InputError(`${file} has an id2label whose numbers are not 0, 1, 2, ….`);
  if (new Set(known).size !== known.length)
    throw new InputError(`${file} has an id2label with the same name twice.`);
  return known;
}

/** The first thing that zod found wrong, as part of a sentence: field, value, expectation. */
export function describeIssue(error: z.ZodError, raw: Readonly<Record<string, unknown>>): string {
  const issue = error.issues[0];
  const key = issue?.path.map(String)[0];
  if (!issue || key === undefined) return 'it is no object';
  const found = Object.hasOwn(raw, key) ? JSON.stringify(raw[key]) : 'missing';
  return `${issue.path.join('.')} is ${found} (${issue.message})`;
}
