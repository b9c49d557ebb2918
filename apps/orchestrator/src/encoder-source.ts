/** Encoders by what `--encoder` takes: a Hugging Face folder, or `builtin:tiny`, made on the spot with random weights. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { builtinVocabulary } from '@layerwise/datasets';
import { InputError } from '@layerwise/errors';
import { createTinyEncoderFolder, openEncoder, type EncoderFolder } from '@layerwise/model';
import { dataCacheFolder } from './workspace.js';

const PREFIX = 'builtin:';

/** Raise it when the built-in encoder changes: an older folder in the cache is then left alone. */
const TINY_VERSION = 1;

export function isBuiltinEncoder(source: string): boolean {
  return source.startsWith(PREFIX);
}

/** Opens an encoder folder, making the built-in one first. @throws InputError for a folder that is not an encoder's. */
export async function openEncoderSource(source: string): Promise<EncoderFolder> {
  if (!isBuiltinEncoder(source)) return openEncoder(source);
  if (source !== `${PREFIX}tiny`) {
    throw new InputError(
      `There is no built-in encoder ${source}; choose ${PREFIX}tiny or give a Hugging Face encoder folder.`,
    );
  }
  const folder = join(dataCacheFolder(), 'builtin', `tiny-${String(TINY_VERSION)}`);
  if (!existsSync(join(folder, 'config.json'))) await createTinyEncoderFolder(folder, builtinVocabulary());
  return openEncoder(folder);
}
