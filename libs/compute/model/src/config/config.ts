/**
 * Reads config.json of a Hugging Face encoder folder. The architecture's description translates the keys;
 * `encoder-config.ts` says what comes out.
 */
import { existsSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { InputError } from '@layerwise/errors';
import { z } from 'zod';
import type { Architecture } from '../architectures/architecture.js';
import { bert } from '../architectures/bert/bert.js';
import { readJson } from '../folders/json-file.js';
import type { ArchitectureName, EncoderConfig } from './encoder-config.js';

const DESCRIPTIONS: Readonly<Record<ArchitectureName, Architecture>> = { bert };

/** Model types that can be computed. */
export const SUPPORTED_ARCHITECTURES = Object.keys(DESCRIPTIONS);

/** The description of a config's architecture. */
export function architectureOf(config: EncoderConfig): Architecture {
  return DESCRIPTIONS[config.architecture];
}

/**
 * `model_type` of a folder's config.json, supported or not. @throws InputError when there is no config.json.
 */
export function readModelType(folder: string): string {
  return modelTypeOf(join(folder, 'config.json'), readRawConfig(folder));
}

/**
 * Reads and checks a folder's config.json.
 * @throws InputError when it is missing, not JSON, of an architecture not supported yet, or wrong in a field.
 */
export function readEncoderConfig(folder: string): EncoderConfig {
  return parseEncoderConfig(join(folder, 'config.json'), readRawConfig(folder));
}

/**
 * Checks the content of a config.json. `file` is for messages. @throws InputError as `readEncoderConfig`
 * does.
 */
export function parseEncoderConfig(file: string, raw: Readonly<Record<string, unknown>>): EncoderConfig {
  const type = modelTypeOf(file, raw);
  if (!isSupported(type)) {
    throw new InputError(
      `${file} has the model_type ${type}, which is not supported yet (supported: ${SUPPORTED_ARCHITECTURES.join(', ')}).`,
    );
  }
  return DESCRIPTIONS[type].readConfig(file, raw);
}

function isSupported(type: string): type is ArchitectureName {
  return Object.hasOwn(DESCRIPTIONS, type);
}

/** Configs written before 2019 lack `model_type`; then the class that wrote them tells. */
function modelTypeOf(file: string, raw: Readonly<Record<string, unknown>>): string {
  if (typeof raw.model_type === 'string') return raw.model_type;
  const written = z.array(z.string()).safeParse(raw.architectures);
  if (written.data?.some((name) => /^Bert[A-Z]/.test(name))) return 'bert';
  throw new InputError(`${file} has no model_type; add the line "model_type": "bert" if it is a BERT.`);
}

function readRawConfig(folder: string): Record<string, unknown> {
  const file = join(folder, 'config.json');
  if (!existsSync(folder)) throw new InputError(`There is no encoder folder ${folder}.`);
  if (!statSync(folder).isDirectory())
    throw new InputError(`${folder} is a file, expected an encoder folder.`);
  if (!existsSync(file)) {
    throw new InputError(
      `${folder} has no config.json; an encoder folder holds config.json, model.safetensors, tokenizer.json.`,
    );
  }
  const parsed = z.record(z.string(), z.unknown()).safeParse(readJson(file));
  if (!parsed.success) throw new InputError(`${file} is not a JSON object.`);
  return parsed.data;
}
