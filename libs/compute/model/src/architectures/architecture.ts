/**
 * What is special to a family of encoders, and all of it: its config.json, its tensors and their names, how
 * embeddings and blocks are computed, its heads, its mask token. The rest of the lib, and the libs above, ask
 * the architecture. Each family is a folder beside this file and a line in `registry.ts`.
 *
 * An encoder's config carries its architecture along.
 */
import type { ActivationName, Bindings, TensorSpec } from '@layerwise/engine';
import type * as tf from '@tensorflow/tfjs-core';
import type { LastLayer, Tensors } from '../forward/layers.js';
import type { PackedBatch } from '../forward/packing.js';
import {
  inLayer,
  type Dimension,
  type FloatTensor,
  type TensorShape,
  type TensorTemplate,
} from './tensors.js';

/** What an encoder's config.json says, in one vocabulary for all architectures. */
export interface EncoderConfig {
  readonly architecture: Architecture;
  readonly vocabularySize: number;
  /** Width of the token embeddings: `hiddenSize`, unless a dense layer lies between (ELECTRA). */
  readonly embeddingSize: number;
  readonly hiddenSize: number;
  readonly intermediateSize: number;
  readonly layers: number;
  readonly attentionHeads: number;
  /** Between the two dense layers of a block. */
  readonly activation: ActivationName;
  /**
   * Rows of the table of positions; the longest text that fits is this less the architecture's position
   * offset. Without a table, the longest text itself.
   */
  readonly maximumPositions: number;
  /** Rows of the table of token types; 0 where there is none. */
  readonly tokenTypes: number;
  readonly layerNormEpsilon: number;
  /** Probabilities of dropping, in training only. */
  readonly hiddenDropout: number;
  readonly attentionDropout: number;
  readonly classifierDropout: number;
  /** Standard deviation of new weights. */
  readonly initializerRange: number;
  readonly paddingId: number;
  /** Label names in order, where the folder is a classifier's. */
  readonly labels?: readonly string[];
  /** config.json as it was read, so that writing loses nothing. */
  readonly raw: Readonly<Record<string, unknown>>;
}

export interface HeadTensor {
  readonly name: string;
  readonly shape: readonly number[];
}

/** From the vectors of the texts' first tokens to logits. */
export interface Head {
  readonly tensors: readonly HeadTensor[];
  /** [CLS] vectors [b, h] → logits [b, c]. */
  logits(tensors: Tensors, first: tf.Tensor2D): tf.Tensor2D;
}

/** The head that tells masked words by the table of words (tied, and so not among its tensors). */
export interface MaskedLanguageHead {
  /** The class of Hugging Face's whose folders hold encoder and head. */
  readonly className: string;
  readonly tensors: readonly TensorTemplate[];
  /** The one of them that is added to the logits [vocabulary]. */
  readonly bias: string;
  /** Rows of the last layer [m, h] → what the table of words is multiplied with [m, h]. */
  readonly transform: (config: EncoderConfig, tensors: Tensors, rows: tf.Tensor2D) => tf.Tensor2D;
}

export interface Architecture {
  /** `model_type` of config.json. */
  readonly name: string;
  /** What names start with in files of models with a head; a bare encoder's file leaves it out. */
  readonly basePrefix: string;
  /** Classes of Hugging Face's that open what is written: for `architectures` in config.json. */
  readonly encoderClass: string;
  readonly classifierClass: string;
  /** Classes that wrote config.json without `model_type`, before there was one. */
  readonly oldClasses?: RegExp;
  /** Translates config.json. `file` is for messages. @throws InputError for what cannot be computed yet. */
  readonly readConfig: (
    file: string,
    raw: Readonly<Record<string, unknown>>,
  ) => Omit<EncoderConfig, 'architecture'>;
  /** The token that stands for a masked word. */
  readonly maskToken: string;

  /** The tables whose rows are summed for each token, outside of the graph; null where there is none. */
  readonly tables: {
    readonly words: string;
    readonly positions: string | null;
    readonly types: string | null;
  };
  /** The position of a text's first token in the table (RoBERTa: padding id + 1 = 2). */
  readonly positionOffset: number;
  /** Tensors before the first layer, the tables among them. */
  readonly embeddings: readonly TensorTemplate[];
  /** Tensors of one layer. */
  readonly layer: readonly TensorTemplate[];
  /** Tensors after the last layer (GPT-2's last layer norm); they count as part of the head. */
  readonly afterLayers: readonly TensorTemplate[];
  /** Tensors from the encoder to a classification folder's logits, and whether they lie under the prefix. */
  readonly classifier: readonly (TensorTemplate & { readonly underPrefix: boolean })[];
  /** Names that other versions gave the same tensors, applied in order. */
  readonly renames: readonly (readonly [pattern: RegExp, replacement: string])[];
  /** Canonical names of tensors that files may hold and this computation does not use. */
  readonly unused: readonly RegExp[];

  /** What the graph is fed of every batch beside its packing: angles of rotary positions, a local mask. */
  readonly batchInputs?: {
    readonly specs: (config: EncoderConfig) => readonly TensorSpec[];
    readonly bindings: (config: EncoderConfig, batch: PackedBatch) => Bindings;
  };
  /** Summed rows of the tables [n, h] → what the first block takes [n, h]. */
  readonly embed: (config: EncoderConfig, tensors: Tensors, rows: tf.Tensor2D) => tf.Tensor2D;
  /** One block, attention and where it looks included: [n, h] → the rows that `last` asks for. */
  readonly block: (
    config: EncoderConfig,
    tensors: Tensors,
    x: tf.Tensor2D,
    layer: number,
    last: LastLayer,
  ) => tf.Tensor2D;
  /** What follows the last block. */
  readonly finish?: (config: EncoderConfig, tensors: Tensors, x: tf.Tensor2D) => tf.Tensor2D;

  /** The head of a classification folder. */
  readonly classifierHead: (config: EncoderConfig, labels: number) => Head;
  /** The same head with the logits of one dense layer: `weight` [labels, h] and `bias` [labels]. */
  readonly classifierOfDense: (weight: Float32Array, bias: Float32Array) => FloatTensor[];
  /** Null where the family has none. */
  readonly maskedLanguage: MaskedLanguageHead | null;
}

/** All tensors of the encoder proper (no head), in the order in which the computation meets them. */
export function encoderTensors(config: EncoderConfig): TensorShape[] {
  const { embeddings, layer, afterLayers } = config.architecture;
  const layers = Array.from({ length: config.layers }, (_, place) => shapes(layer, config, place));
  return [...shapes(embeddings, config), ...layers.flat(), ...shapes(afterLayers, config)];
}

/** Tensors of a classification folder's head, for this number of labels. */
export function classifierTensors(config: EncoderConfig, labels: number): TensorShape[] {
  return shapes(config.architecture.classifier, config, 0, labels);
}

/** Where a tensor of `encoderTensors` lies: its layer from 0, `embeddings`, or `head` for everything else. */
export function layerOf(
  { architecture, layers }: EncoderConfig,
  name: string,
): number | 'embeddings' | 'head' {
  if (architecture.embeddings.some((template) => template.name === name)) return 'embeddings';
  const layer = Number(/\.(\d+)\./.exec(name)?.[1] ?? -1);
  const isOfLayer = architecture.layer.some((template) => inLayer(template.name, layer) === name);
  return isOfLayer && layer < layers ? layer : 'head';
}

/** A name as some file has it → canonical: without prefix, in today's spelling. */
export function canonicalName({ basePrefix, renames }: Architecture, name: string): string {
  const bare = name.startsWith(basePrefix) ? name.slice(basePrefix.length) : name;
  return renames.reduce((current, [pattern, replacement]) => current.replace(pattern, replacement), bare);
}

/** The shapes of `templates` with this config. */
export function shapes(
  templates: readonly TensorTemplate[],
  config: EncoderConfig,
  layer = 0,
  labels = 0,
): TensorShape[] {
  const sizes = sizesOf(config, labels);
  return templates.map(({ name, shape, initialization }) => ({
    name: inLayer(name, layer),
    shape: shape.map((dimension) => sizes[dimension]),
    initialization,
  }));
}

function sizesOf(config: EncoderConfig, labels: number): Readonly<Record<Dimension, number>> {
  return {
    vocabulary: config.vocabularySize,
    positions: config.maximumPositions,
    tokenTypes: config.tokenTypes,
    embedding: config.embeddingSize,
    hidden: config.hiddenSize,
    intermediate: config.intermediateSize,
    threeHidden: 3 * config.hiddenSize,
    labels,
  };
}
