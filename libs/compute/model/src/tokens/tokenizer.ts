/**
 * Texts → token ids, without special tokens around them, as Python's transformers makes them: by the library
 * that it uses itself.
 *
 * A BERT tokeniser treats what stands between white space independently, so each such stretch is encoded
 * once and remembered (a task of 67,000 sentences has some 15,000 of them). Special tokens and truncation are
 * in `token-rows.ts`.
 */
import { digestOf } from '@layerwise/artifacts';
import { InputError, visible } from '@layerwise/errors';
import { MOST_CHARACTERS } from './known-parts.js';
import { nativeTokenizer, reasonOf, type NativeTokenizer } from './native-tokenizer.js';
import { type SpecialTokens, parseSpecialTokens } from './special-tokens.js';
import { type TokenizerJson, readTokenizerFiles } from './tokenizer-files.js';

/** Token ids of texts, end to end: those of text t are `ids` from `offsets[t]` to `offsets[t + 1]`. */
export interface EncodedTexts {
  /** [texts + 1] */
  readonly offsets: Int32Array;
  /** [tokens] */
  readonly ids: Int32Array;
}

export interface Tokenizer {
  /** The file it was made of, for messages. */
  readonly file: string;
  /** SHA-256 of everything that decides about ids: the key of token caches. */
  readonly digest: string;
  /** One more than the largest id. */
  readonly vocabularySize: number;
  readonly specialTokens: SpecialTokens;
  /** Ids of tokens that are no text ([CLS], [PAD], …), which masked language modelling must leave alone. */
  readonly specialIds: readonly number[];
  /** The id of `token`, such as `[MASK]`, or undefined. */
  readonly idOf: (token: string) => number | undefined;
  /** The token of `id`, or undefined. */
  readonly tokenOf: (id: number) => string | undefined;
  /**
   * Ids of texts without special tokens around them. @throws InputError for a text that the tokeniser cannot
   * encode
   */
  readonly encode: (texts: readonly string[]) => Promise<EncodedTexts>;
}

/**
 * Loads the tokeniser of an encoder folder. Nothing is fetched from anywhere.
 * @throws InputError when the folder's tokenizer files are missing or not understood, and where their ids
 * would not be Python's.
 */
export async function loadTokenizer(folder: string): Promise<Tokenizer> {
  const { file, json } = await readTokenizerFiles(folder);
  const specialTokens = parseSpecialTokens(file, json.post_processor);
  const native = await nativeTokenizer(file, json);
  const idOf = (token: string): number | undefined => native.tokenToId(token) ?? undefined;
  const { vocab } = json.model;
  const ids = Array.isArray(vocab) ? [vocab.length - 1] : Object.values(vocab);
  const added = new Map(json.added_tokens.map((token) => [token.content, token]));
  const idsOf = (contents: readonly string[]): number[] => contents.flatMap((token) => idOf(token) ?? []);
  checkForms(file, native, [...added.values()]);
  const special = [...added.values()].filter((token) => token.special === true);
  const whole = encoderOf(file, native);
  const encode = isWordwise(json) ? wordwise(whole) : whole;
  return {
    file,
    digest: digestOf(JSON.stringify(json)),
    vocabularySize: 1 + [...ids, ...idsOf([...added.keys()])].reduce((most, id) => Math.max(most, id), -1),
    specialTokens,
    specialIds: idsOf(special.map(({ content }) => content)),
    idOf,
    tokenOf: (id) => native.idToToken(id) ?? undefined,
    encode: async (texts) => flat(await encode(texts)),
  };
}

/** @throws InputError where it is left to chance, in Python too, which of two added tokens is found */
function checkForms(file: string, native: NativeTokenizer, added: TokenizerJson['added_tokens']): void {
  const normalizer = native.getNormalizer();
  const contents = new Map<string, string>();
  for (const { content, normalized } of added) {
    if (!normalized || normalizer === null) continue;
    const form = normalizer.normalizeString(content);
    const other = contents.get(form);
    if (other !== undefined) {
      throw new InputError(
        `${file} adds the tokens ${visible(other)} and ${visible(content)}, which are one and the same when normalised; take one out.`,
      );
    }
    contents.set(form, content);
  }
}

type Encode = (texts: readonly string[]) => Promise<(readonly number[])[]>;

/** Texts that the library gets at once: of each it gives back much more than ids. */
const BATCH = 1024;

function encoderOf(file: string, native: NativeTokenizer): Encode {
  return async (texts) => {
    const long = texts.find((text) => text.length > MOST_CHARACTERS);
    if (long !== undefined) {
      throw new InputError(
        `The tokeniser of ${file} is given ${long.length} characters at once, of a text that begins with ${visible(long.slice(0, 40))}; make it ${MOST_CHARACTERS} at most.`,
      );
    }
    const rows: number[][] = [];
    try {
      for (let start = 0; start < texts.length; start += BATCH) {
        const batch = texts.slice(start, start + BATCH);
        const encodings = await native.encodeBatch(batch, { addSpecialTokens: false });
        for (const encoding of encodings) rows.push(encoding.getIds());
      }
    } catch (error) {
      throw new InputError(`The tokeniser of ${file} cannot encode a text (${reasonOf(error)}).`);
    }
    return rows;
  };
}

/** Whether stretches between white space can be encoded one by one: no step looks across white space. */
function isWordwise({ added_tokens, model, normalizer, pre_tokenizer }: TokenizerJson): boolean {
  return (
    model.type === 'WordPiece' &&
    normalizer?.type === 'BertNormalizer' &&
    pre_tokenizer?.type === 'BertPreTokenizer' &&
    added_tokens.every(
      ({ lstrip, rstrip, single_word, content }) => !lstrip && !rstrip && !single_word && !/\s/.test(content),
    )
  );
}

/** Characters of stretches remembered at most, but for the last call's. */
const REMEMBERED = 1 << 22;

/** Encodes each stretch between ASCII white space once. */
function wordwise(encode: Encode): Encode {
  let remembered = new Map<string, readonly number[]>();
  let characters = 0;
  return async (texts) => {
    if (characters > REMEMBERED) {
      remembered = new Map();
      characters = 0;
    }
    // Calls may overlap, and each goes on with the map that it began with.
    const words = remembered;
    const stretches = texts.map((text) => text.split(/[ \t\n\r]+/));
    const fresh = new Set<string>();
    for (const row of stretches) for (const word of row) if (!words.has(word)) fresh.add(word);
    const list = [...fresh];
    for (const word of list) characters += word.length;
    (await encode(list)).forEach((ids, place) => words.set(list[place]!, ids));
    return stretches.map((row) => row.flatMap((word) => words.get(word)!));
  };
}

function flat(rows: readonly (readonly number[])[]): EncodedTexts {
  const offsets = new Int32Array(rows.length + 1);
  rows.forEach((row, place) => (offsets[place + 1] = offsets[place]! + row.length));
  const ids = new Int32Array(offsets.at(-1)!);
  rows.forEach((row, place) => ids.set(row, offsets[place]));
  return { offsets, ids };
}
