/** What an engine makes of a program: something to run again and again. `engines.ts` chooses the engine. */
import type { Provider } from '../options.js';
import type { Program } from '../recording/program.js';

/** A tensor's values and its actual shape. */
export interface Bound {
  readonly data: Float32Array | Int32Array;
  readonly shape: readonly number[];
}

export type Bindings = Readonly<Record<string, Bound>>;

export interface CompileOptions {
  /** Feeds that are the same memory at every run (parameters): prepared once. */
  readonly fixedFeeds: Bindings;
  /** Results that are written into the same memory at every run (gradients of parameters). */
  readonly fixedResults: Bindings;
}

export interface Executable {
  /**
   * Runs the program once. Every input and parameter must be fed, here or as a fixed feed.
   * Results named in `into` (and fixed results) are written there; all others are returned.
   */
  run(feeds: Bindings, into: Bindings): Promise<Record<string, Float32Array>>;
  /** Frees what the engine holds. The executable can't be run afterwards. */
  dispose(): Promise<void>;
}

export interface Engine {
  readonly name: string;
  /** That every program is computed with. */
  readonly threads: number;
  compile(program: Program, options: CompileOptions): Promise<Executable>;
}

/** What an engine is started with. */
export interface StartOptions {
  /** Where onnxruntime computes; other engines have none. */
  readonly provider: Provider;
  /** That every program is computed with; tfjs' own backends have one. */
  readonly threads: number;
  /** A folder for onnxruntime's times of every operator: one file a session, when it is disposed. */
  readonly profile: string | null;
}
