/** What turns token ids into vectors: safetensors on the engine (`weights-embedder.ts`) or an ONNX file. */
import type { EngineName, Provider } from '@layerwise/engine';
import type { Pooling, Tokenizer, TokenRows } from '@layerwise/model';

/** What happens to a text before its tokens, and what is made of the last layer: one vector a text. */
export interface Recipe {
  readonly pooling: Pooling;
  /** Whether vectors are scaled to length 1. */
  readonly normalized: boolean;
  /** Tokens of a text at most, as the encoder was trained; null: as many as it has positions for. */
  readonly maximumLength: number | null;
  /** Whether texts are lower-cased, whatever the tokeniser does. */
  readonly lowerCase: boolean;
  /** What stands before every text. */
  readonly prompt: string;
}

/** Of a folder that says nothing, or where the caller has chosen. */
export function plainRecipe(pooling: Pooling): Recipe {
  return { pooling, normalized: false, maximumLength: null, lowerCase: false, prompt: '' };
}

export interface Embedder {
  /** What it is, for people; the same for the same bytes, whatever folder they lie in. */
  readonly description: string;
  /** SHA-256 of all that decides about a vector, beside the text's tokens. */
  readonly digest: string;
  /** How tokens become one vector: `cls`, `mean`, or `own` where an ONNX model does it by itself. */
  readonly pooling: Pooling | 'own';
  /** Whether every vector is scaled to length 1. */
  readonly normalized: boolean;
  /** Numbers of a vector. */
  readonly size: number;
  /** Tokens of a text at most: what was asked for, or what the encoder has positions for. */
  readonly maximumLength: number;
  readonly tokenizer: Tokenizer;
  /** A text as the tokeniser gets it. */
  readonly prepare: (text: string) => string;
  /**
   * What has to be said of the encoder that reads these texts. @throws InputError when they are not for it
   */
  readonly check: (texts: readonly TokenRows[]) => readonly string[];
  /** Vectors [rows, size] of the texts at `rows`, in one pass of at most `batchTokens`, or of one text. */
  readonly embed: (texts: TokenRows, rows: Int32Array) => Promise<Float32Array>;
  readonly dispose: () => Promise<void>;
}

export interface EmbedderOptions {
  /** Null: as the encoder folder says, else `cls`. */
  readonly pooling: Pooling | null;
  /** Tokens of a text at most, special ones included. */
  readonly maximumLength: number;
  /** Tokens of one forward pass at most. */
  readonly batchTokens: number;
  readonly engine: EngineName;
  readonly provider: Provider;
  readonly threads: number;
}
