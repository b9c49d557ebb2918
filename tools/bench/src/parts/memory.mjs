/** Part `memory`: the most memory that a process of a few steps holds, for every encoder at several lengths of texts, of both sides. */
import { medianOf, ratioOf } from '../figures.mjs';
import { figuresOf, inTurn } from '../in-turn.mjs';
import { BATCH, nameOf, sidesOf } from './step.mjs';

/** Memory is at its most after the first whole step. */
const STEPS = 2;

/**
 * @param {import('../in-turn.mjs').Context} context
 * @returns {Promise<import('../in-turn.mjs').Found>}
 */
export async function measureMemory(context) {
  const shapes = memoryShapes(context.settings);
  const samples = [];
  for (const shape of shapes)
    samples.push(...(await inTurn(context, whatOf(shape), sidesOf(context, shape, 0.1, STEPS))));
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
    const peers = of('PyTorch', ({ rss_mb }) => rss_mb);
    return [
      `${shape.layers} × ${shape.hidden}`,
      `${BATCH} × ${shape.length}`,
      ours,
      peers,
      ratioOf(ours, peers),
    ];
  });
  return {
    title: 'Memory of training',
    caption:
      'MiB that a process of a few steps holds at most (resident set), dropout 0.1, Adam, all 30,522 words active.',
    columns: [
      { name: 'encoder' },
      { name: 'texts × tokens' },
      { name: 'layerwise MiB' },
      { name: 'PyTorch MiB' },
      { name: 'ratio', digits: 2 },
    ],
    rows,
  };
}
