/**
 * What a folder of sentence-transformers says about itself: modules.json lists what a text goes through
 * (Transformer, Pooling, Normalize), and 1_Pooling/config.json how tokens become one vector (Reimers and
 * Gurevych 2019).
 */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { InputError } from '@layerwise/errors';
import { POOLINGS, readJsonAs, type Pooling } from '@layerwise/model';
import { z } from 'zod';
import type { Recipe } from './embedder.js';

const modulesSchema = z.array(z.object({ type: z.string(), path: z.string().default('') }).loose());
const poolingSchema = z.record(z.string(), z.unknown());

/** The flag of each pooling in a Pooling module's config.json; newer files name it in `pooling_mode`. */
const FLAGS: Readonly<Record<Pooling, string>> = {
  cls: 'pooling_mode_cls_token',
  mean: 'pooling_mode_mean_tokens',
};

/** The folder's own recipe, null without modules.json. @throws InputError for a module of another kind */
export function readSentenceModules(folder: string): Recipe | null {
  const file = join(folder, 'modules.json');
  if (!existsSync(file)) return null;
  const modules = readJsonAs(file, modulesSchema, 'a list of modules as sentence-transformers writes it').map(
    ({ type, path }) => ({ kind: type.split('.').at(-1) ?? '', path }),
  );
  const other = modules.find(({ kind }) => !['Transformer', 'Pooling', 'Normalize'].includes(kind));
  if (other) {
    throw new InputError(
      `${file} has a module ${other.kind}, which is not computed here; give --pooling, and vectors are what comes before it.`,
    );
  }
  const pooling = modules.find(({ kind }) => kind === 'Pooling');
  return {
    pooling: pooling ? readPooling(join(folder, pooling.path, 'config.json')) : 'cls',
    normalized: modules.some(({ kind }) => kind === 'Normalize'),
  };
}

function readPooling(file: string): Pooling {
  const config = readJsonAs(file, poolingSchema, 'the config.json of a Pooling module');
  const modes =
    typeof config.pooling_mode === 'string'
      ? [config.pooling_mode]
      : Object.keys(config).filter((key) => key.startsWith('pooling_mode_') && config[key] === true);
  const known = POOLINGS.find((name) => modes[0] === name || modes[0] === FLAGS[name]);
  if (modes.length === 1 && known) return known;
  throw new InputError(
    `${file} wants the pooling ${modes.join(' + ') || 'of nothing'}, which is not computed here; give --pooling ${POOLINGS.join(' or ')}.`,
  );
}
