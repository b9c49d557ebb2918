// SMART's loss, its inner step and its gradients against PyTorch's numbers (tools/reference/smart.py).
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { gradientName, type Bindings, type Program } from '@layerwise/engine';
import { describe, expect, it } from 'vitest';
import { compiled, configOf, packed, relativeError, weightsOf } from '../../test/packed-bert.js';
import { denseHead } from '../forward/heads.js';
import type { PackedBatch } from '../forward/packing.js';
import { ascend, normalNoise } from './perturbation.js';
import { meanTargets } from './programs.js';
import {
  EARLIER_LOGITS,
  PERTURBATION,
  smartAscentProgram,
  smartForwardProgram,
  smartProgram,
  TEXT_WEIGHTS,
} from './smart.js';

interface Reference {
  readonly smoothness: number;
  readonly proximity: number;
  readonly stepSize: number;
  readonly radius: number;
  readonly labels: number[];
  readonly ids: number[][];
  readonly head: { readonly weight: number[]; readonly bias: number[] };
  readonly start: number[][];
  readonly divergence: number;
  readonly ascent: number[][];
  readonly perturbation: number[][];
  readonly earlierLogits: number[];
  readonly losses: { readonly crossEntropy: number; readonly smoothness: number; readonly proximity: number };
  readonly loss: number;
  readonly rowGradients: number[][];
  readonly gradients: Readonly<Record<string, number[]>>;
}
const reference = JSON.parse(
  readFileSync(resolve(import.meta.dirname, '../../fixtures/smart.json'), 'utf8'),
) as Reference;

const config = configOf(4);
const width = config.hiddenSize;
const options = { config, head: denseHead('head', width, 3), labels: 3 };
const batch = packed(reference.ids.map((ids) => ({ ids, types: ids.map(() => 0) })));
const weights = {
  ...weightsOf(config, 3),
  'head.weight': { data: Float32Array.from(reference.head.weight), shape: [3, width] },
  'head.bias': { data: Float32Array.from(reference.head.bias), shape: [3] },
};

/** Numbers by text, [length · width] each, as rows of the packed batch. */
function packedRows(byText: readonly number[][], { tokens, texts, placeOf }: PackedBatch): Float32Array {
  const rows = new Float32Array(tokens * width);
  placeOf.forEach((place, row) => {
    const [text, time] = [place % texts, Math.floor(place / texts)];
    rows.set(byText[text]!.slice(time * width, (time + 1) * width), row * width);
  });
  return rows;
}

const rowFeed = (data: Float32Array): Bindings => ({
  [PERTURBATION]: { data, shape: [batch.tokens, width] },
});
const shares: Bindings = {
  [TEXT_WEIGHTS]: { data: new Float32Array(3).fill(1 / 3), shape: [3, 1] },
};
const targets: Bindings = { targets: { data: meanTargets(reference.labels, 3), shape: [3, 3] } };
const earlier: Bindings = {
  [EARLIER_LOGITS]: { data: Float32Array.from(reference.earlierLogits), shape: [3, 3] },
};

async function once(program: Program, feeds: Bindings): Promise<Record<string, Float32Array>> {
  const { run, dispose } = await compiled('onnxruntime', program, weights);
  try {
    return await run(batch, feeds);
  } finally {
    await dispose();
  }
}

const perturbation = (): Float32Array => packedRows(reference.perturbation, batch);

describe('the inner step', () => {
  it('climbs along the gradient that PyTorch has, to the perturbation that it comes to', async () => {
    const delta = packedRows(reference.start, batch);
    const found = await once(smartAscentProgram(options, []), { ...rowFeed(delta), ...shares });
    expect(found['loss']![0]! / reference.divergence).toBeCloseTo(1, 3);
    const gradient = found[gradientName(PERTURBATION)]!;
    expect(relativeError(gradient, packedRows(reference.ascent, batch))).toBeLessThan(1e-3);
    ascend(delta, gradient, batch, reference);
    expect(relativeError(delta, perturbation())).toBeLessThan(1e-4);
  });

  it('goes as far as the step size in the largest entry of each text, and no farther than the ball', () => {
    const gradient = packedRows(
      reference.ascent.map((text, i) => text.map((value) => value * 10 ** i)),
      batch,
    );
    const largest = (radius: number): number[] => {
      const delta = new Float32Array(batch.tokens * width);
      ascend(delta, gradient, batch, { stepSize: 0.05, radius });
      return [0, 1, 2].map((text) =>
        Math.max(...Array.from(delta, (value, i) => inText(i, text) * Math.abs(value))),
      );
    };
    const inText = (i: number, text: number): number =>
      batch.placeOf[Math.floor(i / width)]! % 3 === text ? 1 : 0;
    for (const size of largest(1)) expect(size).toBeCloseTo(0.05, 6);
    for (const size of largest(0.01)) expect(size).toBeCloseTo(0.01, 6);
  });

  it('leaves what has no gradient where it is', () => {
    const delta = new Float32Array(batch.tokens * width).fill(0.25);
    ascend(delta, new Float32Array(delta.length), batch, { stepSize: 1, radius: 1 });
    expect(delta.every((value) => value === 0.25)).toBe(true);
  });
});

describe('the training program', () => {
  it('has the loss and the gradients of PyTorch, with both terms', async () => {
    const found = await once(smartProgram(options, [], reference), {
      ...rowFeed(perturbation()),
      ...shares,
      ...targets,
      ...earlier,
    });
    expect(found['loss']![0]).toBeCloseTo(reference.loss, 5);
    const rows = packedRows(reference.rowGradients, batch);
    expect(relativeError(found[gradientName('rows')]!, rows)).toBeLessThan(1e-4);
    for (const [name, expected] of Object.entries(reference.gradients))
      expect(relativeError(found[gradientName(name)]!, expected), name).toBeLessThan(1e-4);
  });

  it.each([
    { term: 'smoothness', weights: { smoothness: 2, proximity: 0 } },
    { term: 'proximity', weights: { smoothness: 0, proximity: 2 } },
  ] as const)('has the $term alone where the other weight is 0', async ({ term, weights: given }) => {
    const own = term === 'smoothness' ? rowFeed(perturbation()) : earlier;
    const found = await once(smartProgram(options, [], given), { ...own, ...shares, ...targets });
    const { losses } = reference;
    expect(found['loss']![0]).toBeCloseTo(losses.crossEntropy + 2 * losses[term], 5);
  });

  it('is plain training with neither', async () => {
    const found = await once(smartProgram(options, [], { smoothness: 0, proximity: 0 }), targets);
    expect(found['loss']![0]).toBeCloseTo(reference.losses.crossEntropy, 5);
  });

  it('starts from logits that the forward program gives', async () => {
    const plain = await once(smartForwardProgram(options, []), {});
    const trained = await once(smartProgram(options, [], { smoothness: 0, proximity: 1 }), {
      ...targets,
      ...shares,
      [EARLIER_LOGITS]: { data: plain['logits']!, shape: [3, 3] },
    });
    // At its own logits the divergence and its gradient are nought.
    expect(trained['loss']![0]).toBeCloseTo(reference.losses.crossEntropy, 5);
  });
});

it('noise is normal, and of its key alone', () => {
  const noise = normalNoise(20_001, 0.5, [7, 9]);
  const mean = noise.reduce((sum, value) => sum + value, 0) / noise.length;
  const variance = noise.reduce((sum, value) => sum + value ** 2, 0) / noise.length;
  expect(Math.abs(mean)).toBeLessThan(0.015);
  expect(variance).toBeCloseTo(0.25, 2);
  expect(normalNoise(20_001, 0.5, [7, 9])).toEqual(noise);
  expect(normalNoise(20_001, 0.5, [7, 8])).not.toEqual(noise);
});
