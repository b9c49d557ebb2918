/**
 * What of a tokenizer.json may reach the native library. Where that library meets what it did not expect it
 * ends the whole process, without an error that could be caught; so only those parts are let in that end,
 * with bounded time and memory, for every text, and whose ids are shown to be Python's
 * (tools/reference/tokens.py).
 */
import { InputError, visible } from '@layerwise/errors';
import { z } from 'zod';

/** Texts that the library gets are no longer, in UTF-16 units: a known pattern may look at each ten times. */
export const MOST_CHARACTERS = 1_000_000;
/** Replacements make a text longer by this factor at most, all together. */
const MOST_GROWTH = 16;
/** Sequences within sequences. */
const DEEPEST = 8;
/** WordPiece takes time that grows with the square of a word's length. */
const LONGEST_WORD = 1000;

/**
 * Patterns without nested repetition: those that widespread encoders split by, and plain ones. Any other may
 * take so many steps for some text that the library gives up, and the process with it.
 */
const PATTERNS: ReadonlySet<string> = new Set([
  // GPT-2
  String.raw`'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+`,
  // Llama 3
  String.raw`(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+`,
  // Qwen 2
  String.raw`(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+`,
  // SentencePiece, as transformers converts it
  ' {2,}',
  String.raw`\w+`,
  String.raw`\s+`,
  String.raw`\w{2,}`,
  String.raw`\s+|\p{P}`,
  String.raw`(?i:'s|'t)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,3}`,
]);

const NORMALIZERS: ReadonlySet<string> = new Set([
  'BertNormalizer',
  'NFC',
  'NFD',
  'NFKC',
  'NFKD',
  'Lowercase',
  'StripAccents',
  'Nmt',
  'Strip',
  'Replace',
  'Prepend',
]);
const SPLITTERS: ReadonlySet<string> = new Set([
  'BertPreTokenizer',
  'ByteLevel',
  'Whitespace',
  'WhitespaceSplit',
  'UnicodeScripts',
  'Punctuation',
  'Digits',
  'CharDelimiterSplit',
  'FixedLength',
  'Metaspace',
  'Split',
]);

const pattern = z.union([
  z.strictObject({ String: z.string().min(1) }),
  z.strictObject({ Regex: z.string().refine((source) => PATTERNS.has(source)) }),
]);
const replace = z.looseObject({ pattern, content: z.string() });
const prepend = z.looseObject({ prepend: z.string().max(MOST_GROWTH) });
const split = z.looseObject({ pattern });
const fixedLength = z.looseObject({ length: z.number().int().positive().max(MOST_CHARACTERS) });

interface Part {
  readonly type: string;
  readonly [key: string]: unknown;
}

export interface Parts {
  readonly normalizer?: Part | null | undefined;
  readonly pre_tokenizer?: Part | null | undefined;
  readonly model: object;
  readonly [key: string]: unknown;
}

/** @throws InputError naming `file` and the part of it that is not let in */
export function checkParts(file: string, { normalizer, pre_tokenizer, model }: Parts): void {
  const refuse = (kind: string, what: object): never => {
    throw new InputError(
      `${file} has a ${kind} that is not let in, because it is not shown to end with Python's ids for every text (${short(what)}); take an encoder without it.`,
    );
  };
  let growth = 1;
  for (const part of steps(normalizer, 'normalizers')) {
    if (!NORMALIZERS.has(part.type)) refuse('normalizer', part);
    if (part.type === 'Prepend' && !prepend.safeParse(part).success) refuse('normalizer', part);
    if (part.type !== 'Replace') continue;
    const { data } = replace.safeParse(part);
    if (!data) return refuse('normalizer', part);
    growth *= growthOf(data);
    if (growth > MOST_GROWTH) refuse('normalizer', part);
  }
  for (const part of steps(pre_tokenizer, 'pretokenizers')) {
    if (!SPLITTERS.has(part.type)) refuse('pre_tokenizer', part);
    if (part.type === 'Split' && !split.safeParse(part).success) refuse('pre_tokenizer', part);
    if (part.type === 'FixedLength' && !fixedLength.safeParse(part).success) refuse('pre_tokenizer', part);
  }
  const values: Readonly<Record<string, unknown>> = { ...model };
  const { continuing_subword_prefix: prefix, max_input_chars_per_word: longest, merges } = values;
  // The library cuts the prefix off every second half of a merge, whether or not it is there.
  if (merges !== undefined && prefix) refuse('model', { continuing_subword_prefix: prefix });
  if (typeof longest === 'number' && longest > LONGEST_WORD)
    refuse('model', { max_input_chars_per_word: longest });
}

/** The steps of a part one after the other, sequences taken apart; a sequence too deep stays as it is. */
function steps(part: Part | null | undefined, key: string, depth = 0): readonly Part[] {
  if (!part) return [];
  const parts = part[key];
  if (part.type !== 'Sequence' || depth === DEEPEST || !Array.isArray(parts)) return [part];
  return parts.flatMap((step) => steps(step as Part, key, depth + 1));
}

/** How many times as long a text becomes at most; bytes are what memory goes by. */
function growthOf({ pattern: found, content }: z.infer<typeof replace>): number {
  const shortest = 'String' in found ? Buffer.byteLength(found.String) : 1;
  return Math.max(1, Buffer.byteLength(content) / shortest);
}

function short(what: object): string {
  const text = JSON.stringify(what);
  return visible(text.length > 120 ? `${text.slice(0, 120)}…` : text);
}
