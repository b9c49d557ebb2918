/**
 * What BERT's tensors are called in Hugging Face's files, by role. `{layer}` stands for the layer's number;
 * `.weight` and `.bias` follow all but the tables and the last one.
 */
const LAYER = 'encoder.layer.{layer}';

export const BERT_NAMES = {
  /** Tables whose rows are added up for each token: by word, by place, by token type. */
  tables: {
    words: 'embeddings.word_embeddings.weight',
    positions: 'embeddings.position_embeddings.weight',
    types: 'embeddings.token_type_embeddings.weight',
  },
  embeddingsNorm: 'embeddings.LayerNorm',
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
