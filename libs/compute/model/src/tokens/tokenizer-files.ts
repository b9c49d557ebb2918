/**
 * The files of a folder's tokeniser → one tokenizer.json that gives the ids of Python's transformers 5, with
 * the tokens that the files beside it add. Made here, run by `tokenizer.ts`.
 */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { writeFileAtomically } from '@layerwise/artifacts';
import { InputError, readRegular } from '@layerwise/errors';
import { z } from 'zod';
import { readJsonAs } from '../folders/json-file.js';
import { addedTokens, listedToken, type TokenFiles } from './added-tokens.js';
import { nativeTokenizer } from './native-tokenizer.js';
import { parseSpecialTokens } from './special-tokens.js';
import { isTokenId } from './token-id.js';
import { BERT_CLASSES, BYTE_CLASSES, tokenizerClass } from './tokenizer-class.js';
import { wordPieceTokenizer } from './wordpiece-tokenizer.js';

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

const part = z.looseObject({ type: z.string() }).nullish();
const TOKEN_IDS = 'expected token ids, whole numbers below 2^31, by word';
/** As it is, because a record of zod is slow with a vocabulary and leaves `__proto__` out. */
const wordIds = z.custom<Record<string, number>>(
  (value) => typeof value === 'object' && value !== null && Object.values(value).every(isTokenId),
  TOKEN_IDS,
);
const addedIds = wordIds.refine(
  (ids) => new Set(Object.values(ids)).size === Object.keys(ids).length,
  'two tokens have the same id',
);
const tokenizerSchema = z.looseObject({
  added_tokens: z.array(listedToken).default([]),
  normalizer: part,
  pre_tokenizer: part,
  post_processor: z.unknown().optional(),
  padding: z.looseObject({ pad_token: z.string() }).nullish(),
  model: z.looseObject({
    type: z.enum(['WordPiece', 'BPE', 'Unigram', 'WordLevel']).optional(),
    vocab: z.union([z.array(z.unknown()), wordIds], TOKEN_IDS),
    dropout: z.number().nullish(),
  }),
});
const settings = z.record(z.string(), z.unknown());

/** A tokenizer.json; tokens are added in the order of `added_tokens`, and their ids there do not count. */
export type TokenizerJson = z.infer<typeof tokenizerSchema>;

export interface TokenizerDefinition {
  /** The file that a message should name. */
  readonly file: string;
  readonly json: TokenizerJson;
}

/**
 * Reads a folder's tokeniser.
 * @throws InputError when its files are missing or not what they should be, and where its ids would not be
 * Python's.
 */
export async function readTokenizerFiles(folder: string): Promise<TokenizerDefinition> {
  const read = <Schema extends z.ZodType>(name: string, schema: Schema): z.infer<Schema> | null => {
    const file = join(folder, name);
    return existsSync(file) ? readJsonAs(file, schema, LAYOUT) : null;
  };
  const [file, vocabularyFile] = [join(folder, 'tokenizer.json'), join(folder, 'vocab.txt')];
  if (!existsSync(file) && !existsSync(vocabularyFile)) {
    throw new InputError(
      `${folder} has no tokenizer.json and no vocab.txt; copy the tokenizer files of its encoder there.`,
    );
  }
  const className = tokenizerClass(folder);
  const config = read('tokenizer_config.json', settings) ?? {};
  checkSettings(folder, config);
  const json = read('tokenizer.json', tokenizerSchema);
  const sources = {
    folder,
    config,
    specialTokensMap: read('special_tokens_map.json', settings) ?? {},
    addedIds: read('added_tokens.json', addedIds) ?? {},
    listed: json?.added_tokens ?? [],
  };
  if (BERT_CLASSES.includes(className)) {
    const vocabulary = json ? await wordPieceVocabulary(file, json) : readVocabulary(vocabularyFile);
    return bertTokenizer(json ? file : vocabularyFile, vocabulary, sources);
  }
  if (!json) {
    throw new InputError(`${folder} has no tokenizer.json, which its tokenizer_class reads; copy it there.`);
  }
  if (Object.hasOwn(BYTE_CLASSES, className)) checkByteLevel(file, json, config);
  if (json.model.dropout) {
    throw new InputError(
      `${file} leaves out merges at random (dropout ${json.model.dropout}); set it to null.`,
    );
  }
  const { tokens } = addedTokens({
    ...sources,
    defaults: json.padding ? { pad_token: json.padding.pad_token } : {},
    known: json.added_tokens.map(({ content }) => content),
  });
  const added = [...json.added_tokens, ...tokens.map((token) => ({ ...token, id: 0 }))];
  return { file, json: { ...json, truncation: null, padding: null, added_tokens: added } };
}

/** @throws InputError for settings that would change ids and are not followed here */
function checkSettings(folder: string, config: Readonly<Record<string, unknown>>): void {
  const refused = [
    ['split_special_tokens', config['split_special_tokens'] === true],
    ['truncation_side', config['truncation_side'] === 'left'],
    ['fast_tokenizer_files', config['fast_tokenizer_files'] !== undefined],
  ].find(([, isSet]) => isSet);
  if (!refused) return;
  throw new InputError(
    `${join(folder, 'tokenizer_config.json')} sets ${refused[0]}, which is not followed here; take it out, or another encoder.`,
  );
}

/** @throws InputError where tokenizer.json is not what a class that merges bytes makes of its vocabulary */
function checkByteLevel(
  file: string,
  { normalizer, pre_tokenizer: splitter }: TokenizerJson,
  config: object,
) {
  const { add_prefix_space: spaced = false } = config as { add_prefix_space?: unknown };
  if (!normalizer && splitter?.type === 'ByteLevel' && splitter.add_prefix_space === spaced) return;
  throw new InputError(
    `${file} has another normalizer or pre_tokenizer than its tokenizer_class makes; name PreTrainedTokenizerFast as the class.`,
  );
}

/**
 * What a class like BertTokenizer takes of tokenizer.json. It reads the other parts too, and does without
 * them.
 */
async function wordPieceVocabulary(file: string, json: TokenizerJson): Promise<Record<string, number>> {
  const { type = 'WordPiece', vocab } = json.model;
  if (type !== 'WordPiece' || Array.isArray(vocab)) {
    throw new InputError(
      `${file} has a model ${type}, and its tokenizer_class makes WordPiece of it; name PreTrainedTokenizerFast as the class.`,
    );
  }
  parseSpecialTokens(file, json.post_processor);
  await nativeTokenizer(file, { ...json, added_tokens: [], model: { ...json.model, vocab: {} } });
  return vocab;
}

/** Line numbers are ids; of lines that are equal but for white space at their end, the last one counts. */
function readVocabulary(file: string): Record<string, number> {
  const lines = utf8(file).split('\n');
  if (lines.at(-1) === '') lines.pop();
  return Object.fromEntries(lines.map((line, id) => [line.replace(/\p{White_Space}+$/u, ''), id]));
}

function utf8(file: string): string {
  const bytes = readRegular(file);
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    throw new InputError(`${file} is not in UTF-8; save it so.`);
  }
}

const bertSettings = z.looseObject({
  do_lower_case: z.boolean().optional(),
  strip_accents: z.boolean().nullish(),
  tokenize_chinese_chars: z.boolean().optional(),
});
const BERT_NAMES = {
  unk_token: '[UNK]',
  sep_token: '[SEP]',
  pad_token: '[PAD]',
  cls_token: '[CLS]',
  mask_token: '[MASK]',
};

/** BERT's tokeniser of a vocabulary, with the settings and tokens of the files beside it. */
function bertTokenizer(
  file: string,
  vocabulary: Readonly<Record<string, number>>,
  sources: Omit<TokenFiles, 'defaults' | 'known'>,
): TokenizerDefinition {
  const parsed = bertSettings.safeParse(sources.config);
  if (!parsed.success) {
    const { path, message } = parsed.error.issues[0]!;
    throw new InputError(
      `${join(sources.folder, 'tokenizer_config.json')} is not ${LAYOUT} (${path.join('.')}: ${message}).`,
    );
  }
  const { tokens, names } = addedTokens({ ...sources, defaults: BERT_NAMES, known: [] });
  const nameOf = (key: string): string => {
    const name = names.get(key);
    if (name !== undefined) return name;
    throw new InputError(`${join(sources.folder, 'tokenizer_config.json')} has no ${key}; name it there.`);
  };
  const json = wordPieceTokenizer(file, vocabulary, {
    lowercase: parsed.data.do_lower_case ?? true,
    stripAccents: parsed.data.strip_accents ?? null,
    ideographsApart: parsed.data.tokenize_chinese_chars ?? true,
    unknown: nameOf('unk_token'),
    first: nameOf('cls_token'),
    separator: nameOf('sep_token'),
    added: tokens.map((token) => ({ ...token, id: 0 })),
  });
  return { file, json: { ...json, added_tokens: [...json.added_tokens] } };
}
