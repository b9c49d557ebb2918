/**
 * Part `step`: time and memory of one training step at random weights, all positions real, dropout on, of
 * both sides.
 */
import { compared } from '../figures.mjs';
import { eachInTurn, mediansOf } from '../in-turn.mjs';
import { layerwise } from '../processes.mjs';
import { columns } from '../table.mjs';

/** @import { Context, Measure, Sample } from '../in-turn.mjs' */
/** @import { Settings, Shape } from '../options.mjs' */
/** @import { Table } from '../table.mjs' */

/** Texts of a step. */
export const BATCH = 16;

/** @type {Measure} */
export async function measureSteps(context) {
  const { shapes } = context.settings;
  const samples = await eachInTurn(context, shapes, nameOf, (shape) => sidesOf(context, shape, 0.1));
  return { tables: [stepTable(shapes, samples)], samples };
}

/** @param {Shape} shape */
export function nameOf(shape) {
  return cellsOf(shape).join(', ');
}

/** The first two cells of its row: the encoder, and texts × tokens. @param {Shape} shape */
export function cellsOf({ layers, hidden, length }) {
  return [`${layers} × ${hidden}`, `${BATCH} × ${length}`];
}

/**
 * Both sides of a step of a shape.
 * @param {Context} context
 * @param {Shape} shape
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
 * @param {Settings} settings
 * @param {Shape} shape
 * @param {number} dropout
 * @param {number} [steps]
 * @returns {(string | number)[]}
 */
export function stepWords(settings, shape, dropout, steps = stepsOf(settings.steps, shape)) {
  const { layers, hidden, heads, length } = shape;
  return [
    ...['--layers', layers, '--hidden', hidden, '--heads', heads, '--batch', BATCH, '--length', length],
    ...['--dropout', dropout, '--steps', steps, '--threads', settings.threads],
  ];
}

/**
 * Fewer steps of longer texts, at least three.
 * @param {number} steps at 64 tokens a text
 * @param {Shape} shape
 */
export function stepsOf(steps, { length }) {
  return Math.max(Math.min(3, steps), Math.round((steps * 64) / Math.max(64, length)));
}

/** @param {readonly Shape[]} shapes @param {readonly Sample[]} samples @returns {Table} */
export function stepTable(shapes, samples) {
  const rows = shapes.map((shape) => {
    const median = mediansOf(samples, nameOf(shape));
    return [
      ...cellsOf(shape),
      ...compared(
        median('layerwise', (run) => run.medianMs),
        median('PyTorch', (run) => run.median_ms),
      ),
      ...compared(
        median('layerwise', (run) => run.peakMemoryMb),
        median('PyTorch', (run) => run.rss_mb),
      ),
    ];
  });
  return {
    title: 'One training step',
    caption:
      'All positions real, dropout 0.1, Adam over ten groups, all 30,522 words active; MiB at most in use.',
    columns: [
      ...columns(0, 'encoder', 'texts × tokens'),
      ...columns(1, 'layerwise ms', 'PyTorch ms'),
      ...columns(2, 'ratio'),
      ...columns(0, 'layerwise MiB', 'PyTorch MiB'),
      ...columns(2, 'memory ratio'),
    ],
    rows,
  };
}
