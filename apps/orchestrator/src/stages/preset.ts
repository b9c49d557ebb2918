/**
 * Presets: files `presets/NAME.yaml`, or any other YAML file by its path, with the inputs and parameters of
 * every stage, one key an entry (`entries.ts`).
 *
 *     pairs:                       # one entry a pair for every key that ends with @searched (`expand-pairs.ts`)
 *       searched:
 *         sst2-mrpc: { original: $GLUE/SST-2, shifted: $GLUE/MRPC }
 *     datasets@searched:
 *       trainLimit: 1000
 *
 * `$NAME` at the start of a text stands for an environment variable. A stage that is not there, a key that
 * its stage does not have (`check-preset.ts`) and a variable that is not set are errors.
 */
import { readdir } from 'node:fs/promises';
import { basename, extname, join } from 'node:path';
import { fileExists, InputError, readRegular, refuseNewer, statedVersion } from '@layerwise/errors';
import { parseDocument } from 'yaml';
import { z } from 'zod';
import { expandPairs, PAIRS } from './expand-pairs.js';
import { nearestOf } from './nearest.js';
import { stageNames, stageOf } from './registry.js';

/** Of the form of presets: a later one says it as its key `version`. */
const PRESET_VERSION = 1;

export const defaultPreset = 'tiny';

const folder = join(import.meta.dirname, '../../presets');

/** Entry → its parameters and inputs as written. */
export type Preset = Readonly<Record<string, Readonly<Record<string, unknown>>>>;

// A key with nothing behind it is an entry without values.
const values = z
  .record(z.string(), z.unknown())
  .nullable()
  .transform((written) => written ?? {});
const shape = z.record(z.string(), values);

export async function presetNames(): Promise<string[]> {
  const files = await readdir(folder);
  return files
    .filter((file) => file.endsWith('.yaml'))
    .map((file) => basename(file, '.yaml'))
    .sort();
}

/** What a preset's folder in the cache is called: its name, or that of its file. */
export function presetTitle(preset: string): string {
  return isFile(preset) ? basename(preset, extname(preset)) : preset;
}

/**
 * Reads a preset by name or from a file.
 * @param only names of pairs: the others are left out
 * @throws InputError where it does not exist or is not of the form above
 */
export async function readPreset(preset: string, only?: readonly string[]): Promise<Preset> {
  if (isFile(preset)) {
    if (!fileExists(preset))
      throw new InputError(`${preset} cannot be read; give a preset's name or its file.`);
    return parsePreset(readRegular(preset).toString(), preset, only);
  }
  const names = await presetNames();
  if (!names.includes(preset)) {
    const nearest = nearestOf(preset, names);
    throw new InputError(
      `there is no preset "${preset}"${nearest === undefined ? '' : ` (did you mean ${nearest}?)`}; the presets are ${names.join(', ')}.`,
    );
  }
  const file = join(folder, `${preset}.yaml`);
  return parsePreset(readRegular(file).toString(), `presets/${preset}.yaml`, only);
}

/** A name has no folder and no ending. */
function isFile(preset: string): boolean {
  return /[/\\]|\.ya?ml$/.test(preset);
}

/** @param file the preset's name in messages @param only as for `readPreset` */
export async function parsePreset(text: string, file: string, only?: readonly string[]): Promise<Preset> {
  // `<<: *other` takes over the values of another entry.
  const document = parseDocument(text, { merge: true });
  const [fault] = document.errors;
  if (fault !== undefined) {
    throw new InputError(`${file} is not YAML: ${fault.message.split('\n')[0] ?? ''}`);
  }
  const written = document.toJS() as unknown;
  refuseNewer(file, 'preset', statedVersion(written), PRESET_VERSION);
  const parsed = shape.safeParse(withoutVersion(written));
  if (!parsed.success) {
    const place = parsed.error.issues[0]?.path.join('.') ?? '';
    throw new InputError(`${file}: ${place === '' ? 'the file' : place} must be parameters by name.`);
  }
  const unknown = Object.keys(parsed.data).find((key) => key !== PAIRS && stageOf(key) === undefined);
  if (unknown !== undefined) {
    const nearest = nearestOf(unknown.split('@')[0] ?? '', [...stageNames, PAIRS]);
    throw new InputError(
      `${file} has parameters for "${unknown}", which is no stage${nearest === undefined ? '' : ` (did you mean ${nearest}?)`}; the stages are ${stageNames.join(', ')}.`,
    );
  }
  return expandPairs(parsed.data, file, only);
}

/** A preset may say that it is of the first version; it has no other key of that name. */
function withoutVersion(written: unknown): unknown {
  if (statedVersion(written) !== PRESET_VERSION) return written ?? {};
  return Object.fromEntries(Object.entries(written as object).filter(([key]) => key !== 'version'));
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
