/**
 * Presets: files `presets/NAME.yaml` with the parameters and inputs of every stage, one key a stage (or several, `entries.ts`).
 *
 *     datasets:
 *       original: $GLUE/SST-2
 *
 * `$NAME` at the start of a text stands for an environment variable. A stage that is not there, a parameter
 * that its stage does not have and a variable that is not set are errors.
 */
import { readFile, readdir } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { InputError } from '@layerwise/errors';
import { parseDocument } from 'yaml';
import { z } from 'zod';
import { stageNames, stageOf } from './registry.js';

export const defaultPreset = 'tiny';

const folder = join(import.meta.dirname, '../../presets');

/** Entry → its parameters and inputs as written. */
export type Preset = Readonly<Record<string, Readonly<Record<string, unknown>>>>;

// A key with nothing behind it is an entry without values.
const values = z
  .record(z.string(), z.unknown())
  .nullable()
  .transform((given) => given ?? {});
const shape = z.record(z.string(), values);

export async function presetNames(): Promise<string[]> {
  const files = await readdir(folder);
  return files
    .filter((file) => file.endsWith('.yaml'))
    .map((file) => basename(file, '.yaml'))
    .sort();
}

/** Reads a preset by name. InputError where it does not exist or is not of the form above. */
export async function readPreset(name: string): Promise<Preset> {
  const names = await presetNames();
  if (!names.includes(name)) {
    throw new InputError(`there is no preset "${name}"; the presets are ${names.join(', ')}.`);
  }
  return parsePreset(await readFile(join(folder, `${name}.yaml`), 'utf8'), `presets/${name}.yaml`);
}

/** @param file the preset's name in messages */
export function parsePreset(text: string, file: string): Preset {
  // `<<: *other` takes over the values of another entry.
  const document = parseDocument(text, { merge: true });
  const [fault] = document.errors;
  if (fault !== undefined) {
    throw new InputError(`${file} is not YAML: ${fault.message.split('\n')[0] ?? ''}`);
  }
  const parsed = shape.safeParse(document.toJS() ?? {});
  if (!parsed.success) {
    const place = parsed.error.issues[0]?.path.join('.') ?? '';
    throw new InputError(`${file}: ${place === '' ? 'the file' : place} must be parameters by name.`);
  }
  const unknown = Object.keys(parsed.data).find((key) => stageOf(key) === undefined);
  if (unknown !== undefined) {
    throw new InputError(
      `${file} has parameters for "${unknown}", which is no stage; the stages are ${stageNames.join(', ')}.`,
    );
  }
  return parsed.data;
}

/** Replaces `$NAME` at the start of every text by the environment variable's value. */
export function withEnvironment(
  value: unknown,
  environment: Readonly<Record<string, string | undefined>>,
): unknown {
  if (typeof value === 'string') {
    return value.replace(/^\$([A-Za-z_][A-Za-z0-9_]*)/, (_, name: string) => {
      const found = environment[name];
      if (found !== undefined && found !== '') return found;
      throw new InputError(
        `"${value}" needs the environment variable ${name}: set it to the folder that it stands for.`,
      );
    });
  }
  if (Array.isArray(value)) return value.map((item) => withEnvironment(item, environment));
  if (typeof value === 'object' && value !== null) {
    return Object.fromEntries(
      Object.entries(value).map(([key, item]) => [key, withEnvironment(item, environment)]),
    );
  }
  return value;
}
