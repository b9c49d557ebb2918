/**
 * Encoders by what `--encoder` takes: a Hugging Face folder; `builtin:english`, which lies beside this
 * program with its model card (`encoders/english`); or `builtin:tiny`, made on the spot with random
 * weights.
 */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { builtinVocabulary } from '@layerwise/datasets';
import { InputError } from '@layerwise/errors';
import { createTinyEncoderFolder, openEncoder, type EncoderFolder } from '@layerwise/model';
import { dataCacheFolder } from './workspace.js';

const PREFIX = 'builtin:';
const [ENGLISH, TINY] = [`${PREFIX}english`, `${PREFIX}tiny`] as const;

/** The encoder that this project trained; from `src` and from `dist` alike. */
const ENGLISH_FOLDER = join(import.meta.dirname, '../../encoders/english');

/** Raise it when the random encoder changes: an older folder in the cache is then left alone. */
const TINY_VERSION = 1;

/** What has to be said of an encoder with random weights, which knows only what fine-tuning teaches it. */
export function cautionOf(source: string): readonly string[] {
  return source === TINY
    ? ['The encoder is a small one with random weights, so these figures show the mechanism and no more.']
    : [];
}

/**
 * Opens an encoder folder, making the random one first. @throws InputError for a folder that is not an
 * encoder's.
 */
export async function openEncoderSource(source: string): Promise<EncoderFolder> {
  return openEncoder(await encoderFolder(source));
}

/**
 * The folder that `source` names, which the random encoder is made in first. @throws InputError for an
 * unknown built-in one
 */
export async function encoderFolder(source: string): Promise<string> {
  if (!source.startsWith(PREFIX)) return source;
  if (source === ENGLISH) return ENGLISH_FOLDER;
  if (source !== TINY) {
    throw new InputError(
      `There is no built-in encoder ${source}; choose ${ENGLISH} or ${TINY}, or give a Hugging Face encoder folder.`,
    );
  }
  const folder = join(dataCacheFolder(), 'builtin', `tiny-${TINY_VERSION}`);
  if (!existsSync(join(folder, 'config.json'))) await createTinyEncoderFolder(folder, builtinVocabulary());
  return folder;
}
