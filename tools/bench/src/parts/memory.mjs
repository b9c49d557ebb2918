/**
 * Part `memory`: the most memory that a process of a few steps holds, for every encoder at several lengths of
 * texts, of both sides.
 */
import { medianOf, ratioOf } from '../figures.mjs';
import { figuresOf, inTurn } from '../in-turn.mjs';
import { layerwise } from '../processes.mjs';
import { BATCH, nameOf, sidesOf, stepWords } from './step.mjs';

/** The side that computes layers again in its backward pass. */
const RECOMPUTED = 'layerwise --recompute';

/** Memory is at its most after the first whole step. */
const STEPS = 2;

/**
 * @param {import('../in-turn.mjs').Context} context
 * @returns {Promise<import('../in-turn.mjs').Found>}
 */
export async function measureMemory(context) {
  const shapes = memoryShapes(context.settings);
  const samples = [];
  const { settings, signal } = context;
  for (const shape of shapes) {
    const words = [...stepWords(settings, shape, 0.1, STEPS), '--recompute'];
    const recomputed = () => layerwise(['bench', 'step', ...words], { signal });
    const sides = { ...sidesOf(context, shape, 0.1, STEPS), [RECOMPUTED]: recomputed };
    samples.push(...(await inTurn(context, whatOf(shape), sides)));
  }
  return { tables: [memoryTable(shapes, samples)], samples };
}

/**
 * Every encoder once at every length.
 * @param {Pick<import('../options.mjs').Settings, 'shapes' | 'lengths'>} settings
 * @returns {import('../options.mjs').Shape[]}
 */
export function memoryShapes({ shapes, lengths }) {
  const encoders = new Map(shapes.map((shape) => [`${shape.layers}x${shape.hidden}x${shape.heads}`, shape]));
  return [...encoders.values()].flatMap((shape) => lengths.map((length) => ({ ...shape, length })));
}

/** @param {import('../options.mjs').Shape} shape */
function whatOf(shape) {
  return `memory, ${nameOf(shape)}`;
}

/**
 * @param {readonly import('../options.mjs').Shape[]} shapes
 * @param {readonly import('../in-turn.mjs').Sample[]} samples
 * @returns {import('../table.mjs').Table}
 */
export function memoryTable(shapes, samples) {
  const rows = shapes.map((shape) => {
    const of = (/** @type {string} */ side, /** @type {(result: any) => number} */ figure) =>
      medianOf(figuresOf(samples, whatOf(shape), side, figure));
    const ours = of('layerwise', ({ peakMemoryMb }) => peakMemoryMb);
    const [recomputed, ms, recomputedMs] = [
      of(RECOMPUTED, ({ peakMemoryMb }) => peakMemoryMb),
      of('layerwise', ({ medianMs }) => medianMs),
      of(RECOMPUTED, ({ medianMs }) => medianMs),
    ];
    const peers = of('PyTorch', ({ rss_mb }) => rss_mb);
    return [
      `${shape.layers} × ${shape.hidden}`,
      `${BATCH} × ${shape.length}`,
      ours,
      peers,
      ratioOf(ours, peers),
      recomputed,
      // Of two of our own times: how much longer a step takes.
      ratioOf(ms, recomputedMs),
    ];
  });
  return {
    title: 'Memory of training',
    caption:
      'MiB that a process of a few steps holds at most (resident set), dropout 0.1, Adam, all 30,522 words active. `--recompute` computes ' +
      'layers again in the backward pass; its time is that of a step by that of one without.',
    columns: [
      { name: 'encoder' },
      { name: 'texts × tokens' },
      { name: 'layerwise MiB' },
      { name: 'PyTorch MiB' },
      { name: 'ratio', digits: 2 },
      { name: '--recompute MiB' },
      { name: 'its time', digits: 2 },
    ],
    rows,
  };
}
