/**
 * What a projector is: a function from vectors to points of a plane. There are four, one file each, chosen by
 * name in `project.ts`, which also checks what they are given.
 */

/** Vectors to draw. */
export interface VectorRows {
  readonly rows: number;
  /** Numbers of a vector. */
  readonly size: number;
  /** [rows, size], finite. */
  readonly values: Float32Array;
}

export interface ProjectorOptions {
  /** From 0 to 2^32 - 1: the same seed gives the same bits. PCA draws no lots and ignores it. */
  readonly seed: number;
  /** t-SNE: about how many neighbours a point has (the exponential of their entropy). */
  readonly perplexity: number;
  /** UMAP: how many neighbours of a point are looked at. */
  readonly neighbours: number;
  /** Steps of t-SNE, epochs of UMAP; left out: the projector's own number. */
  readonly iterations?: number | undefined;
}

/** Who waits for the points. */
export interface Watcher {
  /** One line, every few seconds. */
  readonly progress: (line: string) => void;
  /** Once it is aborted, the projector rejects soon, with its reason. */
  readonly signal: AbortSignal;
}

/** Returns [rows, 2], row for row. */
export type Projector = (
  vectors: VectorRows,
  options: ProjectorOptions,
  watcher: Watcher,
) => Promise<Float64Array>;
