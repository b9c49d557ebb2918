/**
 * The pace of one training step on this machine: a few steps of the encoder's shape over texts of the tasks'
 * length (`benchmarkStep`).
 */
import type { MadeTask, StageWork } from '@layerwise/artifacts';
import { benchmarkStep } from '@layerwise/benchmarks';
import { tokenizerOf } from '@layerwise/finetune';
import type { EncoderFolder } from '@layerwise/model';
import type { Pace } from './estimate.js';

const STEPS = 5;
/** A float32. */
const BYTES = 4;

/** Training texts that stand for all of a task's. */
export type Sample = NonNullable<MadeTask['sample']>;

/** Tokens of a text in the mean, and how many different ones there are, by texts that stand for all. */
export interface Texts {
  readonly length: number;
  readonly words: number;
}

/** @param texts of all tasks, a sample of each */
export async function measureTexts(
  encoder: EncoderFolder,
  texts: readonly Sample[],
  maxLength: number,
): Promise<Texts> {
  const tokenize = await tokenizerOf(encoder, null);
  const words = new Set<number>();
  let [tokens, count] = [0, 0];
  for (const { text, pair } of texts) {
    const { ids } = await tokenize(text, pair, maxLength);
    for (const id of ids) words.add(id);
    tokens += ids.length;
    count += text.length;
  }
  return { length: Math.max(1, Math.round(tokens / Math.max(1, count))), words: words.size };
}

export async function measurePace(
  { config }: EncoderFolder,
  { batch, threads }: StageWork,
  { length, words }: Texts,
): Promise<Pace> {
  const { medianMs, cpuMs, peakMemoryMb, parameters } = await benchmarkStep({
    layers: config.layers,
    hidden: config.hiddenSize,
    heads: config.attentionHeads,
    batch,
    length,
    steps: STEPS,
    threads,
    dropout: 0.1,
    seed: 1,
    // A run keeps only words that occur; a sample sees a part of them.
    vocabulary: Math.min(config.vocabularySize, Math.max(100, 4 * words)),
    engine: 'onnxruntime',
    provider: 'cpu',
  });
  return {
    stepSeconds: medianMs / 1000,
    quietSeconds: Math.min(medianMs, cpuMs / threads) / 1000,
    memoryMb: peakMemoryMb,
    weightsMb: (parameters * BYTES) / 1e6,
  };
}
