/**
 * Part `step`: time and memory of one training step at random weights, all positions real, dropout on, of
 * both sides.
 */
import { medianOf, ratioOf } from '../figures.mjs';
import { figuresOf, inTurn } from '../in-turn.mjs';
import { layerwise } from '../processes.mjs';

/** Texts of a step. */
export const BATCH = 16;

/**
 * @param {import('../in-turn.mjs').Context} context
 * @returns {Promise<import('../in-turn.mjs').Found>}
 */
export async function measureSteps(context) {
  const { shapes } = context.settings;
  const samples = [];
  for (const shape of shapes)
    samples.push(...(await inTurn(context, nameOf(shape), sidesOf(context, shape, 0.1))));
  return { tables: [stepTable(shapes, samples)], samples };
}

/**
 * @param {import('../options.mjs').Shape} shape
 * @returns {string}
 */
export function nameOf({ layers, hidden, length }) {
  return `${layers} × ${hidden}, ${BATCH} × ${length}`;
}

/**
 * Both sides of a step of a shape.
 * @param {import('../in-turn.mjs').Context} context
 * @param {import('../options.mjs').Shape} shape
 * @param {number} dropout
 * @param {number} [steps]
 */
export function sidesOf({ settings, peer, signal }, shape, dropout, steps = stepsOf(settings.steps, shape)) {
  const { layers, hidden, heads, length } = shape;
  const { threads } = settings;
  const sizes = { L: layers, H: hidden, A: heads, B: BATCH, T: length, threads, dropout };
  return {
    layerwise: () => layerwise(['bench', 'step', ...stepWords(settings, shape, dropout, steps)], { signal }),
    // The script leaves its first step out of the median.
    PyTorch: peer && (() => peer.call('torch_step.py', { ...sizes, steps: steps + 1 })),
  };
}

/**
 * Options of `layerwise bench step`.
 * @param {import('../options.mjs').Settings} settings
 * @param {import('../options.mjs').Shape} shape
 * @param {number} dropout
 * @param {number} [steps]
 * @returns {(string | number)[]}
 */
export function stepWords({ steps: given, threads }, shape, dropout, steps = stepsOf(given, shape)) {
  const { layers, hidden, heads, length } = shape;
  return [
    ...['--layers', layers, '--hidden', hidden, '--heads', heads, '--batch', BATCH, '--length', length],
    ...['--dropout', dropout, '--steps', steps, '--threads', threads],
  ];
}

/**
 * Fewer steps of longer texts, at least three.
 * @param {number} steps at 64 tokens a text
 * @param {import('../options.mjs').Shape} shape
 * @returns {number}
 */
export function stepsOf(steps, { length }) {
  return Math.max(Math.min(3, steps), Math.round((steps * 64) / Math.max(64, length)));
}

/**
 * @param {readonly import('../options.mjs').Shape[]} shapes
 * @param {readonly import('../in-turn.mjs').Sample[]} samples
 * @returns {import('../table.mjs').Table}
 */
export function stepTable(shapes, samples) {
  const rows = shapes.map((shape) => {
    const of = (/** @type {string} */ side, /** @type {(result: any) => number} */ figure) =>
      medianOf(figuresOf(samples, nameOf(shape), side, figure));
    const times = [of('layerwise', ({ medianMs }) => medianMs), of('PyTorch', ({ median_ms }) => median_ms)];
    const sizes = [
      of('layerwise', ({ peakMemoryMb }) => peakMemoryMb),
      of('PyTorch', ({ rss_mb }) => rss_mb),
    ];
    const pairs = [times, sizes].map(([ours = null, peers = null]) => [ours, peers, ratioOf(ours, peers)]);
    return [`${shape.layers} × ${shape.hidden}`, `${BATCH} × ${shape.length}`, ...pairs.flat()];
  });
  return {
    title: 'One training step',
    caption:
      'All positions real, dropout 0.1, Adam over ten groups, all 30,522 words active; MiB at most in use.',
    columns: [
      { name: 'encoder' },
      { name: 'texts × tokens' },
      { name: 'layerwise ms', digits: 1 },
      { name: 'PyTorch ms', digits: 1 },
      { name: 'ratio', digits: 2 },
      { name: 'layerwise MiB' },
      { name: 'PyTorch MiB' },
      { name: 'memory ratio', digits: 2 },
    ],
    rows,
  };
}
