/** What turns token ids into vectors: safetensors on the engine (`weights-embedder.ts`) or an ONNX file. */
import type { EngineName, Provider } from '@layerwise/engine';
import type { Pooling, Tokenizer, TokenRows } from '@layerwise/model';

/** What is made of the last layer: one vector a text, scaled to length 1 or not. */
export interface Recipe {
  readonly pooling: Pooling;
  readonly normalized: boolean;
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
  /** @throws InputError when these texts are not for this encoder. */
  readonly check: (texts: TokenRows) => void;
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
