/**
 * What BERT's tensors are called in Hugging Face's files, by role. `{layer}` stands for the layer's number;
 * `.weight` and `.bias` follow those of dense layers and norms. Imports nothing:
 * `@layerwise/model/bert-names` is this file alone, for who needs no computation.
 */
const EMBEDDINGS = 'embeddings';
const LAYER = 'encoder.layer.{layer}';

export const BERT_NAMES = {
  /** What the names of all tensors before the first layer begin with, and those of one layer. */
  embeddings: `${EMBEDDINGS}.`,
  block: `${LAYER}.`,
  /** Tables whose rows are added up for each token: by word, by place, by token type. */
  tables: {
    words: `${EMBEDDINGS}.word_embeddings.weight`,
    positions: `${EMBEDDINGS}.position_embeddings.weight`,
    types: `${EMBEDDINGS}.token_type_embeddings.weight`,
  },
  embeddingsNorm: `${EMBEDDINGS}.LayerNorm`,
  layer: {
    query: `${LAYER}.attention.self.query`,
    key: `${LAYER}.attention.self.key`,
    value: `${LAYER}.attention.self.value`,
    attentionOutput: `${LAYER}.attention.output.dense`,
    attentionNorm: `${LAYER}.attention.output.LayerNorm`,
    intermediate: `${LAYER}.intermediate.dense`,
    output: `${LAYER}.output.dense`,
    outputNorm: `${LAYER}.output.LayerNorm`,
  },
  /** Of a classification folder. */
  pooler: 'pooler.dense',
  classifier: 'classifier',
  /** Of a masked-language folder. */
  maskedTransform: 'cls.predictions.transform.dense',
  maskedNorm: 'cls.predictions.transform.LayerNorm',
  maskedBias: 'cls.predictions.bias',
} as const;
