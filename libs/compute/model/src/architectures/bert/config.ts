/** config.json of a BERT: read into the lib's vocabulary, and written for a new one of some sizes. */
import { InputError } from '@layerwise/errors';
import { z } from 'zod';
import { activationOf, describeIssue, labelsOf } from '../../config/config-fields.js';
import type { EncoderConfig } from '../architecture.js';

const size = z.number().int().positive();
const probability = z.number().min(0).lt(1);

/** Keys of config.json; defaults are those of Hugging Face's BertConfig. A config states its sizes. */
const schema = z.object({
  vocab_size: size,
  hidden_size: size,
  intermediate_size: size,
  num_hidden_layers: size,
  num_attention_heads: size,
  hidden_act: z.string().default('gelu'),
  max_position_embeddings: size.default(512),
  type_vocab_size: size.default(2),
  layer_norm_eps: z.number().positive().default(1e-12),
  hidden_dropout_prob: probability.default(0.1),
  attention_probs_dropout_prob: probability.default(0.1),
  classifier_dropout: probability.nullish(),
  initializer_range: z.number().positive().default(0.02),
  pad_token_id: z.number().int().nonnegative().nullish(),
  position_embedding_type: z.string().nullish(),
  is_decoder: z.boolean().nullish(),
  add_cross_attention: z.boolean().nullish(),
});

export function readConfig(
  file: string,
  raw: Readonly<Record<string, unknown>>,
): Omit<EncoderConfig, 'architecture'> {
  const parsed = schema.safeParse(raw);
  if (!parsed.success)
    throw new InputError(`${file} is not a BERT config: ${describeIssue(parsed.error, raw)}.`);
  const keys = parsed.data;
  refuseWhatIsNotSupported(file, keys);
  if (keys.hidden_size % keys.num_attention_heads !== 0) {
    const sizes = `hidden_size ${keys.hidden_size} and num_attention_heads ${keys.num_attention_heads}`;
    throw new InputError(`${file} has ${sizes}; the heads must divide the hidden size.`);
  }
  const labels = labelsOf(file, raw);
  return {
    vocabularySize: keys.vocab_size,
    embeddingSize: keys.hidden_size,
    hiddenSize: keys.hidden_size,
    intermediateSize: keys.intermediate_size,
    layers: keys.num_hidden_layers,
    attentionHeads: keys.num_attention_heads,
    activation: activationOf(file, keys.hidden_act),
    maximumPositions: keys.max_position_embeddings,
    tokenTypes: keys.type_vocab_size,
    layerNormEpsilon: keys.layer_norm_eps,
    hiddenDropout: keys.hidden_dropout_prob,
    attentionDropout: keys.attention_probs_dropout_prob,
    classifierDropout: keys.classifier_dropout ?? keys.hidden_dropout_prob,
    initializerRange: keys.initializer_range,
    paddingId: keys.pad_token_id ?? 0,
    ...(labels && { labels }),
    raw,
  };
}

function refuseWhatIsNotSupported(file: string, keys: z.infer<typeof schema>): void {
  const positions = keys.position_embedding_type ?? 'absolute';
  if (positions !== 'absolute') {
    throw new InputError(
      `${file} has position_embedding_type ${positions}, which is not supported yet (only absolute).`,
    );
  }
  if (keys.is_decoder)
    throw new InputError(`${file} has is_decoder true, which is not supported yet (only encoders).`);
  if (keys.add_cross_attention)
    throw new InputError(`${file} has add_cross_attention true, which is not supported yet.`);
}

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

/** What config.json of such a BERT says; `className` is Hugging Face's for the folder, such as BertModel. */
export function bertConfig(className: string, sizes: BertSizes): Record<string, unknown> {
  return {
    architectures: [className],
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
