/**
 * The files of a folder's tokeniser: tokenizer.json and tokenizer_config.json, or, in old BERT folders,
 * vocab.txt alone, from which the same tokenizer.json follows. Read here, used by `tokenizer.ts`.
 */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { writeFileAtomically } from '@layerwise/artifacts';
import { InputError, readRegular } from '@layerwise/errors';
import { z } from 'zod';
import { readJsonAs } from '../folders/json-file.js';
import { SPECIAL_TOKENS } from './wordpiece-training.js';

/** Completes "FILE is not". */
const LAYOUT = 'a file of a tokeniser';

/** Files that belong to a tokeniser: copied when a folder is written. */
export const TOKENIZER_FILES = [
  'tokenizer.json',
  'tokenizer_config.json',
  'special_tokens_map.json',
  'added_tokens.json',
  'vocab.txt',
  'vocab.json',
  'merges.txt',
] as const;

/**
 * Copies what there is of them from one folder to another. @throws InputError when a file cannot be written.
 */
export async function copyTokenizerFiles(from: string, to: string): Promise<void> {
  for (const file of TOKENIZER_FILES.filter((name) => existsSync(join(from, name)))) {
    await writeFileAtomically(join(to, file), readRegular(join(from, file)));
  }
}

const normalizerSchema = z.object({ type: z.string() }).loose();
const addedTokenSchema = z
  .object({
    id: z.number().int().nonnegative(),
    content: z.string(),
    single_word: z.boolean().default(false),
    lstrip: z.boolean().default(false),
    rstrip: z.boolean().default(false),
  })
  .loose();
const tokenizerSchema = z
  .object({
    added_tokens: z.array(addedTokenSchema).default([]),
    normalizer: normalizerSchema.nullish(),
    pre_tokenizer: z.object({ type: z.string() }).loose().nullish(),
    post_processor: z.unknown().optional(),
    model: z
      .object({
        type: z.enum(['WordPiece', 'BPE', 'Unigram']).optional(),
        vocab: z.union([z.record(z.string(), z.number().int().nonnegative()), z.array(z.unknown())]),
      })
      .loose(),
  })
  .loose();
const configSchema = z
  .object({
    do_lower_case: z.boolean().nullish(),
    strip_accents: z.boolean().nullish(),
    tokenize_chinese_chars: z.boolean().nullish(),
  })
  .loose();

export type TokenizerJson = z.infer<typeof tokenizerSchema>;
export type TokenizerConfig = z.infer<typeof configSchema>;

export interface TokenizerDefinition {
  /** The file that a message should name. */
  readonly file: string;
  readonly json: TokenizerJson;
  readonly config: TokenizerConfig;
}

/** Reads a folder's tokeniser. @throws InputError when its files are missing or not what they should be. */
export function readTokenizerFiles(folder: string): TokenizerDefinition {
  const configFile = join(folder, 'tokenizer_config.json');
  const config = existsSync(configFile) ? readJsonAs(configFile, configSchema, LAYOUT) : {};
  const file = join(folder, 'tokenizer.json');
  if (existsSync(file))
    return { file, config, json: withSwitches(readJsonAs(file, tokenizerSchema, LAYOUT), config) };
  const vocabularyFile = join(folder, 'vocab.txt');
  if (!existsSync(vocabularyFile)) {
    throw new InputError(
      `${folder} has no tokenizer.json and no vocab.txt; copy the tokenizer files of its encoder there.`,
    );
  }
  const words = readRegular(vocabularyFile).toString().split(/\r?\n/);
  if (words.at(-1) === '') words.pop();
  const json = tokenizerSchema.parse(wordPieceTokenizer(vocabularyFile, words, config));
  return { file: vocabularyFile, config, json };
}

/**
 * The tokenizer.json of a BERT vocabulary. Line numbers are ids.
 * @throws InputError when one of the five special tokens is missing.
 */
export function wordPieceTokenizer(file: string, words: readonly string[], config: TokenizerConfig = {}) {
  const idOf = (name: string): number => {
    const id = words.indexOf(name);
    if (id < 0)
      throw new InputError(
        `${file} lacks the special token ${name}, without which BERT's tokeniser cannot work.`,
      );
    return id;
  };
  const special = SPECIAL_TOKENS.map((content) => ({
    id: idOf(content),
    content,
    single_word: false,
    lstrip: false,
    rstrip: false,
    normalized: false,
    special: true,
  }));
  const bound = (id: string, type_id: number) => ({ SpecialToken: { id, type_id } });
  const sequence = (id: string, type_id: number) => ({ Sequence: { id, type_id } });
  const single = [bound('[CLS]', 0), sequence('A', 0), bound('[SEP]', 0)];
  return {
    version: '1.0',
    truncation: null,
    padding: null,
    added_tokens: special.sort((a, b) => a.id - b.id),
    normalizer: {
      type: 'BertNormalizer',
      clean_text: true,
      handle_chinese_chars: config.tokenize_chinese_chars ?? true,
      strip_accents: config.strip_accents ?? null,
      lowercase: config.do_lower_case ?? true,
    },
    pre_tokenizer: { type: 'BertPreTokenizer' },
    post_processor: {
      type: 'TemplateProcessing',
      single,
      pair: [...single, sequence('B', 1), bound('[SEP]', 1)],
      special_tokens: Object.fromEntries(
        ['[CLS]', '[SEP]'].map((id) => [id, { id, ids: [idOf(id)], tokens: [id] }]),
      ),
    },
    decoder: { type: 'WordPiece', prefix: '##', cleanup: true },
    model: {
      type: 'WordPiece',
      unk_token: '[UNK]',
      continuing_subword_prefix: '##',
      max_input_chars_per_word: 100,
      vocab: Object.fromEntries(words.map((word, id) => [word, id])),
    },
  };
}

/** As in Python, switches of tokenizer_config.json win over those in tokenizer.json. */
function withSwitches(json: TokenizerJson, config: TokenizerConfig): TokenizerJson {
  if (json.normalizer?.type !== 'BertNormalizer') return json;
  const normalizer = { ...json.normalizer };
  if (typeof config.do_lower_case === 'boolean') normalizer.lowercase = config.do_lower_case;
  if (typeof config.strip_accents === 'boolean') normalizer.strip_accents = config.strip_accents;
  if (typeof config.tokenize_chinese_chars === 'boolean')
    normalizer.handle_chinese_chars = config.tokenize_chinese_chars;
  return { ...json, normalizer };
}
