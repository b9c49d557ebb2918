/** Embeds both splits of a task by one encoder and tells its progress; the stage `embed` writes them. */
import { digestOfTexts, type Embeddings, type Task } from '@layerwise/artifacts';
import type { EmbedderOptions } from './embedder.js';
import { embedSplit, prepareSplit } from './embed-split.js';
import { openEmbedder } from './open-embedder.js';
import { createProgress } from './progress.js';

export interface EmbedTaskOptions extends EmbedderOptions {
  /** Where finished vectors are kept, so that killed work goes on and none is repeated; null: nowhere. */
  readonly cacheFolder: string | null;
  /** One line for the person who waits. */
  readonly progress?: (line: string) => void;
  readonly signal?: AbortSignal;
}

export interface EmbeddedTask {
  readonly embeddings: Embeddings;
  /** Whether vectors are scaled to length 1, as the encoder's folder wants it. */
  readonly normalized: boolean;
  /** Different texts of both splits; how many were computed now (others were kept), how many were cut. */
  readonly texts: number;
  readonly computed: number;
  readonly cut: number;
  /** Tokens of a text at most: what was asked for, less where the folder or its positions want less. */
  readonly maximumLength: number;
  /** What has to be said of the encoder: what was left out of it, rows that are not finite. */
  readonly notes: readonly string[];
}

/**
 * A vector for every row of `task`, in its order, by the encoder in `folder`: safetensors of a supported
 * architecture, or an ONNX model with its tokeniser. The same call gives the same bits; another `batchTokens`
 * rounds differently (1e-6).
 * @throws InputError when the encoder or the texts are not usable; the signal's reason soon after it was
 * aborted.
 */
export async function embedTask(
  task: Task,
  folder: string,
  options: EmbedTaskOptions,
): Promise<EmbeddedTask> {
  const { batchTokens, cacheFolder, progress = () => undefined } = options;
  const signal = options.signal ?? new AbortController().signal;
  const embedder = await openEmbedder(folder, options);
  try {
    const prepared = {
      train: await prepareSplit(embedder, task.train, batchTokens),
      dev: await prepareSplit(embedder, task.dev, batchTokens),
    };
    const splits = [prepared.train, prepared.dev];
    const notes = embedder.check(splits.map(({ tokens }) => tokens));
    const sum = (numberOf: (split: typeof prepared.train) => number): number =>
      splits.reduce((total, split) => total + numberOf(split), 0);
    const texts = sum(({ distinct }) => distinct.texts.length);
    const tokens = sum((split) => split.tokens.ids.length);
    progress(`${task.name}: ${texts} different texts of ${tokens} tokens by ${embedder.description}`);
    let computed = 0;
    const advance = createProgress({ texts, tokens }, progress);
    const onDone: typeof advance = (textsDone, tokensDone, wasComputed) => {
      if (wasComputed) computed += textsDone;
      advance(textsDone, tokensDone, wasComputed);
    };
    const embeddings: Embeddings = {
      task: task.name,
      encoder: embedder.description,
      pooling: embedder.normalized ? `${embedder.pooling}, normalized` : embedder.pooling,
      train: await embedSplit(embedder, prepared.train, { cacheFolder, signal, onDone }),
      dev: await embedSplit(embedder, prepared.dev, { cacheFolder, signal, onDone }),
      texts: { train: digestOfTexts(task.train), dev: digestOfTexts(task.dev) },
    };
    return {
      embeddings,
      normalized: embedder.normalized,
      texts,
      computed,
      maximumLength: embedder.maximumLength,
      notes,
      cut: sum((split) => split.tokens.truncatedRows),
    };
  } finally {
    await embedder.dispose();
  }
}
