/** JSON files of a model folder, with failures as sentences. */
import { InputError, readRegular } from '@layerwise/errors';
import type { z } from 'zod';

/** Reads a JSON file. @throws InputError when it is no regular file, too large, or not JSON. */
export function readJson(file: string): unknown {
  const text = readRegular(file).toString();
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new InputError(
      `${file} is not readable JSON (${error instanceof Error ? error.message : String(error)}).`,
    );
  }
}

/** A JSON file of a layout; `kind` completes "FILE is not …". @throws InputError naming a wrong field. */
export function readJsonAs<Schema extends z.ZodType>(
  file: string,
  schema: Schema,
  kind: string,
): z.infer<Schema> {
  const parsed = schema.safeParse(readJson(file));
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  const field = issue && issue.path.length > 0 ? `${issue.path.join('.')}: ` : '';
  throw new InputError(`${file} is not ${kind} (${field}${issue?.message ?? 'unknown reason'}).`);
}
