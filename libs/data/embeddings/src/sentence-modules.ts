/**
 * What a folder of sentence-transformers (Reimers and Gurevych 2019) says about itself: modules.json lists
 * what a text goes through (Transformer, Pooling, Normalize), 1_Pooling/config.json says how tokens become
 * one vector, sentence_bert_config.json how long a text is and whether it is lowered, and
 * config_sentence_transformers.json what stands before it. All of it is obeyed, or refused by name.
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

const MODULES_FILE = 'modules.json';
const SETTINGS_FILE = 'config_sentence_transformers.json';
/** The file of the Transformer module, and what it was called while there were classes for each model. */
const TRANSFORMER_FILES = [
  'sentence_bert_config.json',
  'sentence_roberta_config.json',
  'sentence_distilbert_config.json',
  'sentence_camembert_config.json',
  'sentence_albert_config.json',
  'sentence_xlm-roberta_config.json',
  'sentence_xlnet_config.json',
];

interface Module {
  readonly kind: string;
  readonly path: string;
}

/** Null without modules.json. */
function modulesOf(folder: string): readonly Module[] | null {
  const file = join(folder, MODULES_FILE);
  if (!existsSync(file)) return null;
  return readJsonAs(file, modulesSchema, 'a list of modules as sentence-transformers writes it').map(
    ({ type, path }) => ({ kind: type.split('.').at(-1) ?? '', path }),
  );
}

/** Where the encoder itself lies: the folder, or one in it (`0_Transformer`) where modules.json says so. */
export function encoderFolderOf(folder: string): string {
  const transformer = modulesOf(folder)?.find(({ kind }) => kind === 'Transformer');
  return join(folder, transformer?.path ?? '');
}

/** The folder's own recipe, null without modules.json. @throws InputError for what is not computed here */
export function readSentenceModules(folder: string): Recipe | null {
  const modules = modulesOf(folder);
  if (modules === null) return null;
  const file = join(folder, MODULES_FILE);
  const other = modules.find(({ kind }) => !['Transformer', 'Pooling', 'Normalize'].includes(kind));
  if (other) {
    throw new InputError(
      `${file} has a module ${other.kind}, which is not computed here; give --pooling, and vectors are what comes before it.`,
    );
  }
  const prompt = readPrompt(folder);
  const pooling = modules.find(({ kind }) => kind === 'Pooling');
  return {
    pooling: pooling ? readPooling(join(folder, pooling.path, 'config.json'), prompt) : 'cls',
    normalized: modules.some(({ kind }) => kind === 'Normalize'),
    ...readTransformer(encoderFolderOf(folder)),
    prompt,
  };
}

const transformerSchema = z
  .object({
    max_seq_length: z.number().int().min(3).nullish(),
    do_lower_case: z.boolean().nullish(),
  })
  .loose();
const tokenizerSchema = z.object({ model_max_length: z.number().min(3).nullish() }).loose();
/** What sentence-transformers hands on to the tokeniser and to the config. */
const HANDED_ON = ['tokenizer_args', 'processor_kwargs', 'config_args', 'config_kwargs'];

/** How long a text is, and whether it is lowered; a folder that does not say leaves it to its tokeniser. */
function readTransformer(folder: string): Pick<Recipe, 'maximumLength' | 'lowerCase'> {
  const file = TRANSFORMER_FILES.map((name) => join(folder, name)).find((name) => existsSync(name));
  const settings =
    file === undefined
      ? undefined
      : readJsonAs(file, transformerSchema, 'the config of a Transformer module');
  if (file !== undefined && settings) {
    const foreign = HANDED_ON.find((key) => Object.keys(settings[key] ?? {}).length > 0);
    if (foreign !== undefined)
      throw new InputError(
        `${file} has ${foreign}, which is not obeyed here; give --pooling, and only the encoder and its tokeniser are read.`,
      );
  }
  const tokenizerFile = join(folder, 'tokenizer_config.json');
  const tokenizer = existsSync(tokenizerFile)
    ? readJsonAs(tokenizerFile, tokenizerSchema, 'the config of a tokeniser')
    : undefined;
  return {
    // Without a limit, tokenizer_config.json says 1e30.
    maximumLength: settings?.max_seq_length ?? tokenizer?.model_max_length ?? null,
    lowerCase: settings?.do_lower_case ?? false,
  };
}

const settingsSchema = z
  .object({
    prompts: z.record(z.string(), z.string().nullable()).nullish(),
    default_prompt_name: z.string().nullish(),
    truncate_dim: z.number().nullish(),
  })
  .loose();
/** Prompts that every folder has, empty where it says nothing else. */
const COMMON_PROMPTS = ['query', 'document'];

/** What stands before every text: the prompt that is the folder's default. */
function readPrompt(folder: string): string {
  const file = join(folder, SETTINGS_FILE);
  if (!existsSync(file)) return '';
  const settings = readJsonAs(file, settingsSchema, 'a config of sentence-transformers');
  const { prompts, default_prompt_name: name, truncate_dim: size } = settings;
  if (size !== undefined && size !== null)
    throw new InputError(
      `${file} has truncate_dim ${size}, which is not obeyed here; give --pooling, and vectors are whole.`,
    );
  if (name === undefined || name === null) return '';
  const prompt = prompts?.[name];
  if (prompt === undefined && !COMMON_PROMPTS.includes(name))
    throw new InputError(`${file} has the default_prompt_name ${name}, and no prompt of that name.`);
  return prompt ?? '';
}

function readPooling(file: string, prompt: string): Pooling {
  const config = readJsonAs(file, poolingSchema, 'the config.json of a Pooling module');
  if (config.include_prompt === false && prompt !== '')
    throw new InputError(
      `${file} has include_prompt false, so the prompt's tokens are left out of the pooling, which is not computed here; give --pooling, and texts have no prompt.`,
    );
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
