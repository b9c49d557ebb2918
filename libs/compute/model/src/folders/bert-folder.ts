/**
 * The files of a new BERT folder beside its weights: config.json's contents by sizes, and a WordPiece
 * tokeniser, written as Hugging Face's libraries write them. Used by `tiny-encoder.ts` and by pretraining.
 */
import { join } from 'node:path';
import { writeFileAtomically } from '@layerwise/artifacts';
import { wordPieceTokenizer } from '../tokens/tokenizer-files.js';

export interface BertSizes {
  readonly vocabulary: number;
  readonly layers: number;
  readonly hidden: number;
  readonly heads: number;
  readonly intermediate: number;
  /** The longest text, special tokens included. */
  readonly positions: number;
  /** Standard deviation of new weights. */
  readonly initializerRange: number;
  /** Of hidden states and of attention, for those who train on. */
  readonly dropout: number;
}

/**
 * What config.json of such a BERT says. @param architecture Hugging Face's class for the folder, such as
 * BertModel
 */
export function bertConfig(architecture: string, sizes: BertSizes): Record<string, unknown> {
  return {
    architectures: [architecture],
    model_type: 'bert',
    vocab_size: sizes.vocabulary,
    hidden_size: sizes.hidden,
    intermediate_size: sizes.intermediate,
    num_hidden_layers: sizes.layers,
    num_attention_heads: sizes.heads,
    hidden_act: 'gelu',
    max_position_embeddings: sizes.positions,
    type_vocab_size: 2,
    layer_norm_eps: 1e-12,
    hidden_dropout_prob: sizes.dropout,
    attention_probs_dropout_prob: sizes.dropout,
    initializer_range: sizes.initializerRange,
    pad_token_id: 0,
    dtype: 'float32',
  };
}

/**
 * Writes vocab.txt, tokenizer.json and tokenizer_config.json of a lower-casing tokeniser.
 * @param vocabulary pieces by id, BERT's five special tokens among them
 * @throws InputError when a special token is missing or the folder cannot be written.
 */
export async function writeWordPieceFiles(
  folder: string,
  vocabulary: readonly string[],
  positions: number,
): Promise<void> {
  const file = join(folder, 'vocab.txt');
  const tokenizer = wordPieceTokenizer(file, vocabulary);
  await writeFileAtomically(file, `${vocabulary.join('\n')}\n`);
  await writeJson(join(folder, 'tokenizer.json'), tokenizer);
  await writeJson(join(folder, 'tokenizer_config.json'), {
    tokenizer_class: 'BertTokenizer',
    do_lower_case: true,
    strip_accents: null,
    tokenize_chinese_chars: true,
    model_max_length: positions,
    pad_token: '[PAD]',
    unk_token: '[UNK]',
    cls_token: '[CLS]',
    sep_token: '[SEP]',
    mask_token: '[MASK]',
  });
}

export async function writeJson(file: string, value: unknown): Promise<void> {
  await writeFileAtomically(file, `${JSON.stringify(value, null, 2)}\n`);
}
