/** The encoder that comes with the program, `builtin:english`: small, whole, and it knows some English. */
import { statSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Split } from '@layerwise/artifacts';
import { embedTask } from '@layerwise/embeddings';
import { openEncoder } from '@layerwise/model';
import { readCurve } from '@layerwise/pretraining';
import { openEncoderSource } from '../src/running/encoder-source.js';

const MEGABYTE = 1e6;

/** An anchor, a sentence near to it, and one that is about something else, in words of about as many. */
const TRIPLES = [
  ['The dog slept by the fire.', 'A hound was lying near the warm hearth.', 'The senate voted on a new tax.'],
  ['She wept when the letter came.', 'The news made her cry bitterly.', 'The ship carried iron and coal.'],
  [
    'The soldiers marched to battle.',
    'An army went out to fight the war.',
    'He planted roses in the garden.',
  ],
  [
    'Plants need sunlight to grow.',
    'Without light a flower will die.',
    'The judge sent the thief to prison.',
  ],
  [
    'He could not pay his debts.',
    'The man had lost all of his money.',
    'The birds were singing in the wood.',
  ],
  ['It was a delightful evening.', 'We had a very pleasant night.', 'The engine of the train had broken.'],
] as const;

function splitOf(text: readonly string[]): Split {
  return {
    index: Int32Array.from(text.keys()),
    text: [...text],
    pair: null,
    label: new Int32Array(text.length),
  };
}

/**
 * How many anchors lie nearer to their neighbour than to the other sentence, by the cosine of first states
 * less their mean.
 */
async function triplesInOrder(folder: string): Promise<number> {
  const task = { name: 'triples', labels: ['text'], train: splitOf(TRIPLES.flat()), dev: splitOf([]) };
  const { embeddings } = await embedTask(task, folder, {
    pooling: 'cls',
    maximumLength: 64,
    batchTokens: 2048,
    engine: 'onnxruntime',
    provider: 'cpu',
    threads: 1,
    cacheFolder: null,
  });
  const { size, values } = embeddings.train;
  const rows = TRIPLES.flat().map((_, row) => values.slice(row * size, (row + 1) * size));
  const mean = Float32Array.from({ length: size }, (_, i) =>
    rows.reduce((sum, row) => sum + row[i]! / rows.length, 0),
  );
  const centred = rows.map((row) => row.map((value, i) => value - mean[i]!));
  const cosine = (a: Float32Array, b: Float32Array): number =>
    a.reduce((sum, value, i) => sum + value * b[i]!, 0) / (Math.hypot(...a) * Math.hypot(...b));
  return TRIPLES.filter((_, i) => {
    const [anchor, near, far] = centred.slice(3 * i, 3 * i + 3);
    return cosine(anchor!, near!) > cosine(anchor!, far!);
  }).length;
}

describe('builtin:english', () => {
  it('is at most 4 MB, has a head for masked words, and says how it was made', async () => {
    const encoder = await openEncoderSource('builtin:english');
    expect(statSync(encoder.file).size).toBeLessThan(4 * MEGABYTE);
    expect(encoder.config).toMatchObject({ layers: 4, hiddenSize: 128, vocabularySize: 8000 });
    expect(encoder.ignored).toContain('cls.predictions.bias');
    const { curve, unigramEntropy } = await readCurve(join(encoder.folder, 'curve.arrow'));
    expect(curve.heldOutLoss.at(-1)).toBeLessThan(unigramEntropy - 1.5);
    expect(curve.heldOutCosine.at(-1)).toBeGreaterThan(0.5);
  });

  it('has first states that lie near to each other where sentences mean the like', async () => {
    const { folder } = await openEncoderSource('builtin:english');
    expect(await triplesInOrder(folder)).toBeGreaterThanOrEqual(5);
  });

  it('is one of two, and another name is refused', async () => {
    expect(openEncoder((await openEncoderSource('builtin:tiny')).folder).config.hiddenSize).toBe(64);
    await expect(openEncoderSource('builtin:large')).rejects.toThrow(
      'There is no built-in encoder builtin:large; choose builtin:english or builtin:tiny',
    );
  });
});
