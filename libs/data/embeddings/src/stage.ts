/** The stage `embed`: a vector for every text of a task, by an encoder. Stopped, it goes on where it was. */
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { defineStage, embeddingTable, readTaskFolder, writeEmbeddingFolder } from '@layerwise/artifacts';
import { engineOptions } from '@layerwise/engine/options';
import { POOLINGS } from '@layerwise/model';
import { z } from 'zod';
import { embedTask } from './embed-task.js';

const count = (least: number) => z.number().int().min(least);

const parameters = z.object({
  pooling: z
    .enum(POOLINGS)
    .optional()
    .describe(
      "a text's vector: of its first token, or the mean of all (default: as the encoder's folder says, else cls)",
    ),
  maxLength: count(3).default(256).describe('tokens a text at most'),
  batchTokens: count(1).default(2048).describe('tokens a forward pass at most'),
  ...engineOptions,
});

/** Who cut texts: the caller, or the encoder that takes no longer ones. */
function cutInWords(cut: number, maximumLength: number, wanted: number): string {
  const why = maximumLength < wanted ? ', the most that the encoder takes' : '';
  return `${cut} texts were cut to ${maximumLength} tokens${why}`;
}

/** Vectors of a run that has not ended lie here, in the output folder. */
const UNFINISHED = 'unfinished';

export const embedStage = defineStage({
  name: 'embed',
  version: 2,
  description: 'Turns every text of a task into a vector, by an encoder.',
  after: ['datasets'],
  inputs: {
    task: { reads: 'task', from: 'datasets/original', description: 'the task whose texts are embedded' },
    encoder: {
      reads: 'encoder',
      description:
        'a Hugging Face encoder folder, a folder with an ONNX sentence encoder, builtin:english or builtin:tiny',
    },
  },
  parameters,
  outputs: [
    { file: 'train.arrow', description: 'a vector for each training row', table: embeddingTable },
    { file: 'dev.arrow', description: 'a vector for each dev row', table: embeddingTable },
  ],
  work: ({ batchTokens, maxLength, threads }, rows) => ({
    steps: 0,
    maxLength,
    threads,
    workers: 1,
    copies: 0,
    textsRead: rows('task')
      .flat()
      .reduce((sum, { train, dev }) => sum + train + dev, 0),
    batch: Math.max(1, Math.floor(batchTokens / maxLength)),
  }),
  async run({ parameters: { pooling, maxLength, ...engineOptions }, input, outputFolder, progress, signal }) {
    const task = await readTaskFolder(input('task'));
    const unfinished = join(outputFolder, UNFINISHED);
    const embedded = await embedTask(task, input('encoder'), {
      ...engineOptions,
      pooling: pooling ?? null,
      maximumLength: maxLength,
      cacheFolder: unfinished,
      progress,
      signal,
    });
    await writeEmbeddingFolder(embedded.embeddings, outputFolder);
    await rm(unfinished, { recursive: true, force: true });
    const { embeddings, normalized, texts, computed, cut, maximumLength } = embedded;
    const { train, dev } = embeddings;
    return {
      counts: { train: train.index.length, dev: dev.index.length, size: train.size, texts, computed, cut },
      notes: [
        `pooling ${embeddings.pooling} by ${embeddings.encoder}`,
        ...(cut > 0 ? [cutInWords(cut, maximumLength, maxLength)] : []),
        ...embedded.notes.map((note) => `Warning: ${note}`),
        ...(normalized ? ["vectors have length 1, as the encoder's modules.json says"] : []),
      ],
    };
  },
});
