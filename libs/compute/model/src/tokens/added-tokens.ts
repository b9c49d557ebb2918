/**
 * Tokens that a folder adds to its vocabulary, in the order in which transformers 5 adds them
 * (`PreTrainedTokenizerBase._from_pretrained`, `TokenizersBackend.__init__`): a token that the vocabulary
 * lacks gets the next free id.
 *
 * `added_tokens_decoder` of tokenizer_config.json stands for all other files. Without it count
 * special_tokens_map.json, added_tokens.json and the `added_tokens` of tokenizer.json. Named tokens
 * (`cls_token`, …) and the extra special ones follow, where they are not there yet.
 */
import { InputError, visible } from '@layerwise/errors';
import { z } from 'zod';
import { tokenId } from './token-id.js';

/** A token as tokenizer.json writes it, but for its id. */
export interface AddedToken {
  readonly content: string;
  /** Found only where no letter or digit stands beside it. */
  readonly single_word: boolean;
  /** Takes the white space before it along. */
  readonly lstrip: boolean;
  readonly rstrip: boolean;
  /** Looked for in the normalised text. */
  readonly normalized: boolean;
  readonly special: boolean;
}

/** What the files of a folder say of special and added tokens. */
export interface TokenFiles {
  readonly folder: string;
  /** tokenizer_config.json */
  readonly config: Readonly<Record<string, unknown>>;
  /** Named tokens of the class, for those that no file names. */
  readonly defaults: Readonly<Record<string, string>>;
  /** special_tokens_map.json */
  readonly specialTokensMap: Readonly<Record<string, unknown>>;
  /** added_tokens.json */
  readonly addedIds: Readonly<Record<string, number>>;
  /** Of tokenizer.json. */
  readonly listed: readonly ListedToken[];
  /** Contents of tokens that the tokeniser has before these are added. */
  readonly known: readonly string[];
}

/** Named tokens, in Python's order. */
const NAMES = ['bos_token', 'eos_token', 'unk_token', 'sep_token', 'pad_token', 'cls_token', 'mask_token'];
const [EXTRA, ADDITIONAL] = ['extra_special_tokens', 'additional_special_tokens'] as const;

const flag = z.boolean().optional();
const written = z.strictObject({
  content: z.string(),
  single_word: flag,
  lstrip: flag,
  rstrip: flag,
  normalized: flag,
  special: flag,
});
const unmarked = written.omit({ special: true });
/** As tokenizer_config.json marks a token among other settings. */
const marked = written.extend({ __type: z.literal('AddedToken') });
/** One of `added_tokens` of tokenizer.json. */
export const listedToken = written.extend({ id: tokenId });
export type ListedToken = z.infer<typeof listedToken>;

/** A text is a special token without further properties. */
type Token = string | z.infer<typeof written>;

/**
 * The tokens to add, and what is called `cls_token` and so on.
 * @throws InputError for a token that Python does not read either.
 */
export function addedTokens(files: TokenFiles): {
  readonly tokens: readonly AddedToken[];
  readonly names: ReadonlyMap<string, string>;
} {
  const { first, named, extra } = gathered(files);
  const there = new Set([...files.known, ...first.map(({ content }) => content)]);
  const later = new Map<string, Token>();
  for (const token of [...named.values(), ...extra]) {
    if (!there.has(contentOf(token))) later.set(JSON.stringify(token), token);
  }
  const names = new Map([...named].map(([key, token]) => [key, contentOf(token)]));
  const called = new Set(names.values());
  const tokens = [...first, ...later.values()].map((token) =>
    typeof token === 'string'
      ? completed({ content: token, special: true })
      : completed({ ...token, special: token.special === true || called.has(token.content) }),
  );
  return { tokens, names };
}

/** Tokens with ids of their own, in their order; named ones; extra ones. */
function gathered(files: TokenFiles) {
  const read = <Schema extends z.ZodType>(key: string, schema: Schema, value: unknown): z.infer<Schema> => {
    const parsed = schema.safeParse(value);
    if (parsed.success) return parsed.data;
    throw new InputError(
      `The tokeniser in ${files.folder} has a ${visible(key)} that is not written as transformers reads it; save it with transformers 5.`,
    );
  };
  const settings = new Map(Object.entries(files.config));
  const renameAdditional = (): void => {
    if (!settings.has(ADDITIONAL)) return;
    settings.set(EXTRA, settings.get(ADDITIONAL));
    settings.delete(ADDITIONAL);
  };
  /** Tokens of other names, which come last. */
  const others = new Map<string, unknown>();
  const takeNamedExtra = (): void => {
    const extra = settings.get(EXTRA);
    if (!isObject(extra)) return;
    for (const [key, value] of Object.entries(extra)) others.set(key, value);
    settings.delete(EXTRA);
  };
  if (isNothing(settings.get(EXTRA))) renameAdditional();
  for (const [key, value] of settings) {
    if (!isOtherName(key) || typeof value !== 'string') continue;
    others.set(key, value);
    settings.delete(key);
  }
  takeNamedExtra();

  const byId = new Map<number, z.infer<typeof written>>();
  const byContent = new Map<string, z.infer<typeof written>>();
  const add = (id: number, token: z.infer<typeof written>): void => {
    byId.set(id, token);
    byContent.set(token.content, token);
  };
  /** Tokens with properties of special_tokens_map.json. */
  const mapped = new Map<unknown, z.infer<typeof written>>();
  const decoder = settings.get('added_tokens_decoder');
  if (decoder !== undefined) {
    const tokens = read('added_tokens_decoder', z.record(z.string().regex(/^\d+$/), written), decoder);
    for (const [id, token] of Object.entries(tokens)) add(Number(id), token);
  } else {
    const special = (key: string, schema: typeof written | typeof unmarked, value: unknown): unknown => {
      if (isObject(value)) mapped.set(value, { ...read(key, schema, value), special: true });
      return value;
    };
    for (const [key, value] of Object.entries(files.specialTokensMap)) {
      if (key !== EXTRA) settings.set(key, special(key, written, value));
      else if (!Array.isArray(value)) settings.set(key, value);
      else {
        const more = value.map((token) => special(key, unmarked, token));
        settings.set(key, [...listOf(settings.get(key)), ...more]);
      }
    }
    const told = [...NAMES.map((name) => settings.get(name)), ...listOf(settings.get(EXTRA))];
    const contents = new Set(told.map((value) => mapped.get(value)?.content ?? value));
    for (const [content, id] of Object.entries(files.addedIds)) {
      const isSpecial = contents.has(content);
      add(id, { content, normalized: !isSpecial, special: isSpecial });
    }
    for (const { id, ...token } of files.listed) add(id, token);
  }
  takeNamedExtra();
  if (!settings.has(EXTRA)) renameAdditional();

  const first = [...byId].sort(([a], [b]) => a - b).map(([, token]) => token);
  const tokenOf = (key: string, value: unknown): Token => {
    if (typeof value === 'string') return value;
    return mapped.get(value) ?? written.strip().parse(read(key, marked, value));
  };
  const named = new Map<string, Token>();
  for (const key of NAMES) {
    const value = settings.has(key) ? settings.get(key) : files.defaults[key];
    if (value === null || value === undefined) continue;
    const token = tokenOf(key, value);
    named.set(key, byContent.get(contentOf(token)) ?? token);
  }
  for (const [key, value] of settings) {
    const isToken = typeof value === 'string' || mapped.has(value) || marked.safeParse(value).success;
    if (isOtherName(key) && isToken) named.set(key, tokenOf(key, value));
  }
  for (const [key, value] of others) named.set(key, tokenOf(key, value));
  return { first, named, extra: listOf(settings.get(EXTRA)).map((value) => tokenOf(EXTRA, value)) };
}

/** With Python's defaults: a token that is not special is looked for in the normalised text. */
function completed({ content, special = false, ...rest }: z.infer<typeof written>): AddedToken {
  const { single_word = false, lstrip = false, rstrip = false, normalized = !special } = rest;
  return { content, single_word, lstrip, rstrip, normalized, special };
}

function contentOf(token: Token): string {
  return typeof token === 'string' ? token : token.content;
}

function isOtherName(key: string): boolean {
  return key.endsWith('_token') && !NAMES.includes(key);
}

function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Whether Python takes it for false. */
function isNothing(value: unknown): boolean {
  return !value || (typeof value === 'object' && Object.keys(value).length === 0);
}
