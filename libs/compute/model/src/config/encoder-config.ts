/**
 * What an encoder's config.json says, in one vocabulary for all architectures.
 *
 * Each architecture (`bert.ts`) translates its own keys into this; `config.ts` reads the file.
 */
import type { ActivationName } from '@layerwise/engine';
import { InputError } from '@layerwise/errors';

/** Hugging Face's names (`ACT2FN`) → the function. Several names there are one function written twice. */
export const ACTIVATION_OF_NAME: Readonly<Record<string, ActivationName>> = {
  gelu: 'gelu',
  gelu_python: 'gelu',
  gelu_new: 'gelu_tanh',
  gelu_fast: 'gelu_tanh',
  gelu_accurate: 'gelu_tanh',
  gelu_pytorch_tanh: 'gelu_tanh',
  gelu_python_tanh: 'gelu_tanh',
  quick_gelu: 'quick_gelu',
  relu: 'relu',
  relu2: 'relu2',
  relu6: 'relu6',
  leaky_relu: 'leaky_relu',
  silu: 'silu',
  swish: 'silu',
  mish: 'mish',
  sigmoid: 'sigmoid',
  tanh: 'tanh',
  linear: 'linear',
};

/** Model types whose descriptions exist. */
export type ArchitectureName = 'bert';

export interface EncoderConfig {
  readonly architecture: ArchitectureName;
  readonly vocabularySize: number;
  /**
   * Width of the token embeddings: `hiddenSize`, unless a dense layer leads from one to the other (ELECTRA).
   */
  readonly embeddingSize: number;
  readonly hiddenSize: number;
  readonly intermediateSize: number;
  readonly layers: number;
  readonly attentionHeads: number;
  /** Between the two dense layers of a block. */
  readonly activation: ActivationName;
  /**
   * Rows of the table of positions; the longest text that fits is this less the architecture's position
   * offset.
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

/** The activation that a config names. @throws InputError with all known names. */
export function activationOf(file: string, name: string): ActivationName {
  const activation = Object.hasOwn(ACTIVATION_OF_NAME, name) ? ACTIVATION_OF_NAME[name] : undefined;
  if (activation) return activation;
  const known = Object.keys(ACTIVATION_OF_NAME).join(', ');
  throw new InputError(`${file} names the activation ${name}, which is not known (known: ${known}).`);
}
