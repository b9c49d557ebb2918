/**
 * Text → token ids, without special tokens, by @huggingface/transformers and equal to the Python library's.
 *
 * A WordPiece tokeniser treats what stands between white space independently, so each such stretch is encoded
 * once and remembered (a task of 67,000 sentences has some 15,000 of them). What transformers.js does
 * otherwise than Python is put right before it sees the text; see `likePython`. Special tokens and truncation
 * are in `tokenize.ts`.
 */
import { digestOf } from '@layerwise/artifacts';
import { InputError } from '@layerwise/errors';
import { type GrowingInts, reserve } from './growing-ints.js';
import { type SpecialTokens, parseSpecialTokens } from './special-tokens.js';
import { type TokenizerDefinition, type TokenizerJson, readTokenizerFiles } from './tokenizer-files.js';

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
  /** Appends the ids of `text` to `ids`, without special tokens around it; returns how many. */
  readonly encodeInto: (text: string, ids: GrowingInts) => number;
}

/** Stretches remembered at most; beyond it they are encoded anew each time. */
const REMEMBERED = 1 << 19;

/**
 * Loads the tokeniser of an encoder folder. Nothing is fetched from anywhere.
 * @throws InputError when the folder's tokenizer files are missing or not understood.
 */
export async function loadTokenizer(folder: string): Promise<Tokenizer> {
  const { file, json, config } = readTokenizerFiles(folder);
  const specialTokens = parseSpecialTokens(file, json.post_processor);
  const encode = await encoderOf({ file, json, config });
  const ids = json.added_tokens.map((token) => token.id);
  const vocabulary = json.model.vocab;
  const vocabularyIds = Array.isArray(vocabulary) ? [vocabulary.length - 1] : Object.values(vocabulary);
  const special = json.added_tokens.filter((token) => token.special === true);
  const added = new Map(json.added_tokens.map((token) => [token.content, token.id]));
  return {
    file,
    digest: digestOf(JSON.stringify([json, config])),
    vocabularySize: 1 + [...vocabularyIds, ...ids].reduce((most, id) => Math.max(most, id), -1),
    specialTokens,
    specialIds: special.map((token) => token.id),
    idOf: (token) => added.get(token) ?? (Array.isArray(vocabulary) ? undefined : vocabulary[token]),
    encodeInto: isWordwise(json) ? wordwise(encode) : (text, target) => append(target, encode(text)),
  };
}

type Encode = (text: string) => readonly number[];

async function encoderOf({ file, json, config }: TokenizerDefinition): Promise<Encode> {
  // Imported here, because it loads onnxruntime and an image library, which most commands do without.
  const { PreTrainedTokenizer } = await import('@huggingface/transformers');
  try {
    const tokenizer = new PreTrainedTokenizer(json, config);
    const prepare = likePython(json);
    const encode: Encode = (text) => tokenizer.encode(prepare(text), { add_special_tokens: false });
    encode('a');
    return encode;
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new InputError(
      `${file} describes a tokeniser that @huggingface/transformers cannot run (${reason}).`,
    );
  }
}

/**
 * Two things that transformers.js does otherwise than the Python library, undone for BERT's normaliser by
 * giving it text on which both agree:
 * - ideographs beyond U+FFFF are not set apart by spaces (it looks at UTF-16 units), so they are here;
 * - Σ at the end of a word becomes ς (JavaScript's rule for whole words), where Python lowers every letter
 *   alone: σ.
 */
function likePython({ normalizer }: TokenizerJson): (text: string) => string {
  if (normalizer?.type !== 'BertNormalizer') return (text) => text;
  const apart = normalizer.handle_chinese_chars !== false;
  const lowers = normalizer.lowercase !== false;
  return (text) => {
    let prepared = text;
    if (apart) prepared = prepared.replace(/[\u{20000}-\u{2CEAF}\u{2F800}-\u{2FA1F}]/gu, ' $& ');
    if (lowers) prepared = prepared.replaceAll('Σ', 'σ');
    return prepared;
  };
}

/** Whether stretches between white space can be encoded one by one: no step looks across white space. */
function isWordwise({
  added_tokens: added,
  model,
  normalizer,
  pre_tokenizer: splitter,
}: TokenizerJson): boolean {
  return (
    model.type === 'WordPiece' &&
    normalizer?.type === 'BertNormalizer' &&
    splitter?.type === 'BertPreTokenizer' &&
    added.every((token) => !token.lstrip && !token.rstrip && !token.single_word && !/\s/.test(token.content))
  );
}

/** Encodes each stretch between ASCII white space once. */
function wordwise(encode: Encode): Tokenizer['encodeInto'] {
  const remembered = new Map<string, readonly number[]>();
  const encodeWord = (word: string): readonly number[] => {
    const known = remembered.get(word);
    if (known) return known;
    const ids = encode(word);
    if (remembered.size < REMEMBERED) remembered.set(word, ids);
    return ids;
  };
  return (text, target) => {
    let count = 0;
    let start = 0;
    for (let end = 0; end <= text.length; end++) {
      if (end < text.length && !isAsciiSpace(text.charCodeAt(end))) continue;
      if (end > start) count += append(target, encodeWord(text.slice(start, end)));
      start = end + 1;
    }
    return count;
  };
}

function isAsciiSpace(code: number): boolean {
  return code === 32 || code === 9 || code === 10 || code === 13;
}

function append(target: GrowingInts, ids: readonly number[]): number {
  const values = reserve(target, ids.length);
  for (let i = 0; i < ids.length; i++) values[target.length + i] = ids[i]!;
  target.length += ids.length;
  return ids.length;
}
