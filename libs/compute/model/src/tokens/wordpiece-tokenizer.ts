/** The tokenizer.json that a class like BertTokenizer makes of a vocabulary. */
import { InputError } from '@layerwise/errors';
import type { AddedToken } from './added-tokens.js';

export interface WordPieceSettings {
  readonly lowercase: boolean;
  /** Null: where letters become lower case. */
  readonly stripAccents: boolean | null;
  readonly ideographsApart: boolean;
  /** Stands for words that the vocabulary cannot spell. */
  readonly unknown: string;
  /** Before every text. */
  readonly first: string;
  /** After every text. */
  readonly separator: string;
  readonly added: readonly (AddedToken & { readonly id: number })[];
}

/**
 * @param file what a message names
 * @throws InputError when the vocabulary lacks the unknown, first or separating token
 */
export function wordPieceTokenizer(
  file: string,
  vocabulary: Readonly<Record<string, number>>,
  { lowercase, stripAccents, ideographsApart, unknown, first, separator, added }: WordPieceSettings,
) {
  const bounds = [first, separator].map((token) => ({
    id: token,
    ids: [idOf(file, vocabulary, token)],
    tokens: [token],
  }));
  idOf(file, vocabulary, unknown);
  const bound = (id: string, type_id: number) => ({ SpecialToken: { id, type_id } });
  const sequence = (id: string, type_id: number) => ({ Sequence: { id, type_id } });
  const single = [bound(first, 0), sequence('A', 0), bound(separator, 0)];
  return {
    version: '1.0',
    truncation: null,
    padding: null,
    added_tokens: added,
    normalizer: {
      type: 'BertNormalizer',
      clean_text: true,
      handle_chinese_chars: ideographsApart,
      strip_accents: stripAccents,
      lowercase,
    },
    pre_tokenizer: { type: 'BertPreTokenizer' },
    post_processor: {
      type: 'TemplateProcessing',
      single,
      pair: [...single, sequence('B', 1), bound(separator, 1)],
      special_tokens: Object.fromEntries(bounds.map((token) => [token.id, token])),
    },
    decoder: { type: 'WordPiece', prefix: '##', cleanup: true },
    model: {
      type: 'WordPiece' as const,
      unk_token: unknown,
      continuing_subword_prefix: '##',
      max_input_chars_per_word: 100,
      vocab: vocabulary,
    },
  };
}

/** @throws InputError when the vocabulary lacks it. */
export function idOf(file: string, vocabulary: Readonly<Record<string, number>>, token: string): number {
  if (Object.hasOwn(vocabulary, token)) return vocabulary[token]!;
  throw new InputError(
    `${file} lacks the special token ${token}, without which BERT's tokeniser cannot work.`,
  );
}
