/**
 * What distinguishes one encoder architecture from another, as data: which tensors it has, how they are
 * called in Hugging Face's files, and how its blocks are put together. `bert.ts` is one such description;
 * RoBERTa, DistilBERT, ELECTRA and GPT-2 are further ones (`other-architectures.spec.ts` holds them against
 * real files).
 *
 * A tensor's canonical name is Hugging Face's without the base prefix: `encoder.layer.0.output.dense.weight`.
 */
import type { EncoderConfig } from '../config/encoder-config.js';

/** A dimension of a tensor, to be looked up in the config. */
export type Dimension =
  | 'vocabulary'
  | 'positions'
  | 'tokenTypes'
  | 'embedding'
  | 'hidden'
  | 'intermediate'
  /** Query, key and value side by side (GPT-2). */
  | 'threeHidden'
  | 'labels';

/**
 * How a new tensor is filled: normal noise, zeros (biases) or ones (gains of layer norms). `normalPadded` is
 * noise with zeros in the padding token's row.
 */
export type Initialization = 'normal' | 'normalPadded' | 'zeros' | 'ones';

export interface TensorTemplate {
  /** Canonical name; `{layer}` stands for the layer's number, from 0. */
  readonly name: string;
  readonly shape: readonly Dimension[];
  readonly initialization: Initialization;
}

export interface Architecture {
  /** `model_type` of config.json. */
  readonly name: string;
  /** What names start with in files of models with a head; a bare encoder's file leaves it out. */
  readonly basePrefix: string;
  /** Classes of Hugging Face's that open what is written: for `architectures` in config.json. */
  readonly encoderClass: string;
  readonly classifierClass: string;
  /** Translates config.json. `file` is for messages. @throws InputError for what cannot be computed yet. */
  readonly readConfig: (file: string, raw: Readonly<Record<string, unknown>>) => EncoderConfig;

  readonly embeddings: readonly TensorTemplate[];
  /** Tensors of one layer. */
  readonly layer: readonly TensorTemplate[];
  /** Tensors after the last layer (GPT-2's last layer norm); they count as part of the head. */
  readonly afterLayers: readonly TensorTemplate[];
  /**
   * Tensors between the encoder and the logits of a classification folder, and whether they lie under the
   * prefix.
   */
  readonly classifier: readonly (TensorTemplate & { readonly underPrefix: boolean })[];
  /** Names that other versions gave the same tensors, applied in order. */
  readonly renames: readonly (readonly [pattern: RegExp, replacement: string])[];
  /** Canonical names of tensors that files may hold and this computation does not use. */
  readonly unused: readonly RegExp[];

  /** The position of a text's first token in the table (RoBERTa: padding id + 1 = 2). */
  readonly positionOffset: number;
  /** Whether layer norm follows each block's sum (BERT) or precedes each block (GPT-2). */
  readonly normalization: 'after' | 'before';
  /** How dense weights lie: [out, in] as PyTorch's Linear, or [in, out] as GPT-2's Conv1D. */
  readonly denseLayout: 'outIn' | 'inOut';
  /** Whether a token sees only those before it. */
  readonly causal: boolean;
}

/** One tensor of an encoder with this config. */
export interface TensorShape {
  readonly name: string;
  readonly shape: readonly number[];
  readonly initialization: Initialization;
}

/** All tensors of the encoder proper (no head), in the order in which the computation meets them. */
export function encoderTensors(architecture: Architecture, config: EncoderConfig): TensorShape[] {
  const layers = Array.from({ length: config.layers }, (_, layer) =>
    architecture.layer.map((template) => shaped(template, config, layer)),
  );
  return [
    ...architecture.embeddings.map((template) => shaped(template, config)),
    ...layers.flat(),
    ...architecture.afterLayers.map((template) => shaped(template, config)),
  ];
}

/** Tensors of a classification folder's head, for this number of labels. */
export function classifierTensors(
  architecture: Architecture,
  config: EncoderConfig,
  labels: number,
): TensorShape[] {
  return architecture.classifier.map((template) => shaped(template, config, 0, labels));
}

/**
 * Where a tensor of `encoderTensors` lies: its layer counted from 0, `embeddings`, or `head` for everything
 * else.
 */
export function layerOf(
  architecture: Architecture,
  config: EncoderConfig,
  name: string,
): number | 'embeddings' | 'head' {
  if (architecture.embeddings.some((template) => template.name === name)) return 'embeddings';
  const layer = Number(/\.(\d+)\./.exec(name)?.[1] ?? -1);
  const isOfLayer = architecture.layer.some((template) => nameOf(template, layer) === name);
  return isOfLayer && layer < config.layers ? layer : 'head';
}

/** A name as some file has it → canonical: without prefix, in today's spelling. */
export function canonicalName(architecture: Architecture, name: string): string {
  const bare = name.startsWith(architecture.basePrefix) ? name.slice(architecture.basePrefix.length) : name;
  return architecture.renames.reduce(
    (current, [pattern, replacement]) => current.replace(pattern, replacement),
    bare,
  );
}

/** Whether a canonical name is one of the tensors known to be of no use here. */
export function isUnused(architecture: Architecture, name: string): boolean {
  return architecture.unused.some((pattern) => pattern.test(name));
}

function shaped(template: TensorTemplate, config: EncoderConfig, layer = 0, labels = 0): TensorShape {
  const shape = template.shape.map((dimension) => sizeOf(dimension, config, labels));
  return { name: nameOf(template, layer), shape, initialization: template.initialization };
}

function nameOf(template: TensorTemplate, layer: number): string {
  return template.name.replace('{layer}', String(layer));
}

function sizeOf(dimension: Dimension, config: EncoderConfig, labels: number): number {
  switch (dimension) {
    case 'vocabulary':
      return config.vocabularySize;
    case 'positions':
      return config.maximumPositions;
    case 'tokenTypes':
      return config.tokenTypes;
    case 'embedding':
      return config.embeddingSize;
    case 'hidden':
      return config.hiddenSize;
    case 'intermediate':
      return config.intermediateSize;
    case 'threeHidden':
      return 3 * config.hiddenSize;
    case 'labels':
      return labels;
    default:
      return dimension satisfies never;
  }
}
