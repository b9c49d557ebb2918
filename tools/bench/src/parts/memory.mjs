/**
 * Part `memory`: the most memory that a process of a few steps holds, for every encoder at several lengths of
 * texts, of both sides.
 */
import { compared, ratioOf } from '../figures.mjs';
import { eachInTurn, mediansOf } from '../in-turn.mjs';
import { layerwise } from '../processes.mjs';
import { columns } from '../table.mjs';
import { cellsOf, nameOf, sidesOf, stepWords } from './step.mjs';

/** @import { Measure, Sample } from '../in-turn.mjs' */
/** @import { Settings, Shape } from '../options.mjs' */
/** @import { Table } from '../table.mjs' */

/** The side that computes layers again in its backward pass. */
const RECOMPUTED = 'layerwise --recompute';

/** Memory is at its most after the first whole step. */
const STEPS = 2;

/** @type {Measure} */
export async function measureMemory(context) {
  const { settings, signal } = context;
  const shapes = memoryShapes(settings);
  const samples = await eachInTurn(context, shapes, whatOf, (shape) => {
    const words = ['bench', 'step', ...stepWords(settings, shape, 0.1, STEPS), '--recompute'];
    return { ...sidesOf(context, shape, 0.1, STEPS), [RECOMPUTED]: () => layerwise(words, { signal }) };
  });
  return { tables: [memoryTable(shapes, samples)], samples };
}

/**
 * Every encoder once at every length.
 * @param {Pick<Settings, 'shapes' | 'lengths'>} settings
 * @returns {Shape[]}
 */
export function memoryShapes({ shapes, lengths }) {
  const encoders = new Map(shapes.map((shape) => [`${shape.layers}x${shape.hidden}x${shape.heads}`, shape]));
  return [...encoders.values()].flatMap((shape) => lengths.map((length) => ({ ...shape, length })));
}

/** @param {Shape} shape */
function whatOf(shape) {
  return `memory, ${nameOf(shape)}`;
}

/** @param {readonly Shape[]} shapes @param {readonly Sample[]} samples @returns {Table} */
export function memoryTable(shapes, samples) {
  const rows = shapes.map((shape) => {
    const median = mediansOf(samples, whatOf(shape));
    const megabytes = (/** @type {string} */ side) => median(side, ({ peakMemoryMb }) => peakMemoryMb);
    const ms = (/** @type {string} */ side) => median(side, ({ medianMs }) => medianMs);
    return [
      ...cellsOf(shape),
      ...compared(
        megabytes('layerwise'),
        median('PyTorch', ({ rss_mb }) => rss_mb),
      ),
      megabytes(RECOMPUTED),
      // Of two of our own times: how much longer a step takes.
      ratioOf(ms('layerwise'), ms(RECOMPUTED)),
    ];
  });
  return {
    title: 'Memory of training',
    caption:
      'MiB that a process of a few steps holds at most (resident set), dropout 0.1, Adam, all 30,522 words active. `--recompute` computes ' +
      'layers again in the backward pass; its time is that of a step by that of one without.',
    columns: [
      ...columns(0, 'encoder', 'texts × tokens', 'layerwise MiB', 'PyTorch MiB'),
      ...columns(2, 'ratio'),
      ...columns(0, '--recompute MiB'),
      ...columns(2, 'its time'),
    ],
    rows,
  };
}
