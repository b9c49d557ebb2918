/** Reads config.json of a Hugging Face encoder folder; `model_type` says which architecture translates it. */
import { existsSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { InputError } from '@layerwise/errors';
import { z } from 'zod';
import type { Architecture, EncoderConfig } from '../architectures/architecture.js';
import { ARCHITECTURES } from '../architectures/registry.js';
import { readJson } from '../folders/json-file.js';

/** `model_type` of a folder's config.json, supported or not. @throws InputError when there is none. */
export function readModelType(folder: string): string {
  return modelTypeOf(join(folder, 'config.json'), readRawConfig(folder), ARCHITECTURES);
}

/**
 * Reads and checks a folder's config.json.
 * @param architectures the families that are known
 * @throws InputError when it is missing, not JSON, of an architecture not supported yet, or wrong in a field.
 */
export function readEncoderConfig(folder: string, architectures = ARCHITECTURES): EncoderConfig {
  return parseEncoderConfig(join(folder, 'config.json'), readRawConfig(folder), architectures);
}

/** Checks a config.json; `file` is for messages. @throws InputError as `readEncoderConfig` does. */
export function parseEncoderConfig(
  file: string,
  raw: Readonly<Record<string, unknown>>,
  architectures = ARCHITECTURES,
): EncoderConfig {
  const type = modelTypeOf(file, raw, architectures);
  const architecture = architectures.find(({ name }) => name === type);
  if (!architecture) {
    const supported = architectures.map(({ name }) => name).join(', ');
    throw new InputError(
      `${file} has the model_type ${type}, which is not supported yet (supported: ${supported}).`,
    );
  }
  return { architecture, ...architecture.readConfig(file, raw) };
}

/** Configs written before 2019 lack `model_type`; then the class that wrote them tells. */
function modelTypeOf(
  file: string,
  raw: Readonly<Record<string, unknown>>,
  architectures: readonly Architecture[],
): string {
  if (typeof raw.model_type === 'string') return raw.model_type;
  const classes = z.array(z.string()).safeParse(raw.architectures).data ?? [];
  const writer = architectures.find(({ oldClasses }) => classes.some((name) => oldClasses?.test(name)));
  if (writer) return writer.name;
  throw new InputError(`${file} has no model_type; add the line "model_type": "bert" if it is a BERT.`);
}

/** Where older folders of sentence-transformers have their encoder. */
const OLD_SENTENCE_FOLDER = '0_Transformer';

function readRawConfig(folder: string): Record<string, unknown> {
  const file = join(folder, 'config.json');
  if (!existsSync(folder)) throw new InputError(`There is no encoder folder ${folder}.`);
  if (!statSync(folder).isDirectory())
    throw new InputError(`${folder} is a file, expected an encoder folder.`);
  if (!existsSync(file)) {
    const inner = join(folder, OLD_SENTENCE_FOLDER);
    if (existsSync(join(inner, 'config.json')))
      throw new InputError(`${folder} keeps its encoder in ${OLD_SENTENCE_FOLDER}; give ${inner}.`);
    throw new InputError(
      `${folder} has no config.json; an encoder folder holds config.json, model.safetensors, tokenizer.json.`,
    );
  }
  const parsed = z.record(z.string(), z.unknown()).safeParse(readJson(file));
  if (!parsed.success) throw new InputError(`${file} is not a JSON object.`);
  return parsed.data;
}
