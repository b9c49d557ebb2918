/**
 * What each part of a layer is called in an architecture's files: the roles that `encoder-forward.ts`
 * computes with. `{layer}` stands for the layer's number; `.weight` and `.bias` follow each name.
 */
import type { ArchitectureName } from '../../config/encoder-config.js';

export interface LayerNames {
  readonly query: string;
  readonly key: string;
  readonly value: string;
  readonly attentionOutput: string;
  readonly attentionNorm: string;
  readonly intermediate: string;
  readonly output: string;
  readonly outputNorm: string;
}

export interface EncoderNames {
  /** Tables whose rows are added up for each token; the second is by place, the third by token type. */
  readonly tables: { readonly words: string; readonly positions: string; readonly types: string | null };
  readonly embeddingsNorm: string;
  readonly layer: LayerNames;
}

export const ENCODER_NAMES: Readonly<Record<ArchitectureName, EncoderNames>> = {
  bert: {
    tables: {
      words: 'embeddings.word_embeddings.weight',
      positions: 'embeddings.position_embeddings.weight',
      types: 'embeddings.token_type_embeddings.weight',
    },
    embeddingsNorm: 'embeddings.LayerNorm',
    layer: {
      query: 'encoder.layer.{layer}.attention.self.query',
      key: 'encoder.layer.{layer}.attention.self.key',
      value: 'encoder.layer.{layer}.attention.self.value',
      attentionOutput: 'encoder.layer.{layer}.attention.output.dense',
      attentionNorm: 'encoder.layer.{layer}.attention.output.LayerNorm',
      intermediate: 'encoder.layer.{layer}.intermediate.dense',
      output: 'encoder.layer.{layer}.output.dense',
      outputNorm: 'encoder.layer.{layer}.output.LayerNorm',
    },
  },
};
