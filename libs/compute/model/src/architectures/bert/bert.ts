/**
 * BERT (Devlin et al., 2019) as a description: its tensors, their names in Hugging Face's files, its config
 * keys. The computation is in `encoder-forward.ts`; the type is explained in `architecture.ts`.
 */
import { InputError } from '@layerwise/errors';
import { z } from 'zod';
import type { Architecture, Dimension, TensorTemplate } from '../architecture.js';
import { type EncoderConfig, activationOf } from '../../config/encoder-config.js';
import { describeIssue, labelsOf } from '../../config/config-fields.js';

const size = z.number().int().positive();
const probability = z.number().min(0).lt(1);

/**
 * Keys of config.json; the defaults are those of Hugging Face's BertConfig. Sizes have none: a config states
 * them.
 */
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

export const bert: Architecture = {
  name: 'bert',
  basePrefix: 'bert.',
  encoderClass: 'BertModel',
  classifierClass: 'BertForSequenceClassification',
  readConfig,
  embeddings: [
    {
      name: 'embeddings.word_embeddings.weight',
      shape: ['vocabulary', 'embedding'],
      initialization: 'normalPadded',
    },
    normal('embeddings.position_embeddings.weight', 'positions', 'embedding'),
    normal('embeddings.token_type_embeddings.weight', 'tokenTypes', 'embedding'),
    ...layerNorm('embeddings.LayerNorm', 'embedding'),
  ],
  layer: [
    ...dense('encoder.layer.{layer}.attention.self.query', 'hidden', 'hidden'),
    ...dense('encoder.layer.{layer}.attention.self.key', 'hidden', 'hidden'),
    ...dense('encoder.layer.{layer}.attention.self.value', 'hidden', 'hidden'),
    ...dense('encoder.layer.{layer}.attention.output.dense', 'hidden', 'hidden'),
    ...layerNorm('encoder.layer.{layer}.attention.output.LayerNorm', 'hidden'),
    ...dense('encoder.layer.{layer}.intermediate.dense', 'intermediate', 'hidden'),
    ...dense('encoder.layer.{layer}.output.dense', 'hidden', 'intermediate'),
    ...layerNorm('encoder.layer.{layer}.output.LayerNorm', 'hidden'),
  ],
  afterLayers: [],
  classifier: [
    ...dense('pooler.dense', 'hidden', 'hidden').map((template) => ({ ...template, underPrefix: true })),
    ...dense('classifier', 'labels', 'hidden').map((template) => ({ ...template, underPrefix: false })),
  ],
  // TensorFlow's names of a layer norm's parameters, in checkpoints converted before 2020.
  renames: [
    [/\bLayerNorm\.gamma$/, 'LayerNorm.weight'],
    [/\bLayerNorm\.beta$/, 'LayerNorm.bias'],
  ],
  unused: [/^embeddings\.(position_ids|token_type_ids)$/, /^pooler\./, /^cls\./],
  positionOffset: 0,
  normalization: 'after',
  denseLayout: 'outIn',
  causal: false,
};

function readConfig(file: string, raw: Readonly<Record<string, unknown>>): EncoderConfig {
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
    architecture: 'bert',
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

function normal(name: string, ...shape: Dimension[]): TensorTemplate {
  return { name, shape, initialization: 'normal' };
}

/** Weight as [out, in] and bias as [out]. */
function dense(name: string, output: Dimension, input: Dimension): TensorTemplate[] {
  return [
    normal(`${name}.weight`, output, input),
    { name: `${name}.bias`, shape: [output], initialization: 'zeros' },
  ];
}

function layerNorm(name: string, width: Dimension): TensorTemplate[] {
  return [
    { name: `${name}.weight`, shape: [width], initialization: 'ones' },
    { name: `${name}.bias`, shape: [width], initialization: 'zeros' },
  ];
}
