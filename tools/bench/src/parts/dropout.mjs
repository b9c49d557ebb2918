/** Part `dropout`: what share of a step dropout takes, by the step without it, on both sides. */
import { medianOf } from '../figures.mjs';
import { figuresOf, inTurn } from '../in-turn.mjs';
import { BATCH, nameOf, sidesOf } from './step.mjs';

/**
 * @param {import('../in-turn.mjs').Context} context
 * @returns {Promise<import('../in-turn.mjs').Found>}
 */
export async function measureDropout(context) {
  const { shapes } = context.settings;
  const samples = [];
  for (const shape of shapes) {
    const [on, off] = [sidesOf(context, shape, 0.1), sidesOf(context, shape, 0)];
    const sides = {
      ...{ 'layerwise with': on.layerwise, 'layerwise without': off.layerwise },
      ...{ 'PyTorch with': on.PyTorch, 'PyTorch without': off.PyTorch },
    };
    samples.push(...(await inTurn(context, `dropout, ${nameOf(shape)}`, sides)));
  }
  return { tables: [dropoutTable(shapes, samples)], samples };
}

/**
 * @param {readonly import('../options.mjs').Shape[]} shapes
 * @param {readonly import('../in-turn.mjs').Sample[]} samples
 * @returns {import('../table.mjs').Table}
 */
export function dropoutTable(shapes, samples) {
  const rows = shapes.map((shape) => {
    const of = (/** @type {string} */ side, /** @type {(result: any) => number} */ figure) =>
      medianOf(figuresOf(samples, `dropout, ${nameOf(shape)}`, side, figure));
    const figures = [
      ...['with', 'without'].map((how) => of(`layerwise ${how}`, ({ medianMs }) => medianMs)),
      ...['with', 'without'].map((how) => of(`PyTorch ${how}`, ({ median_ms }) => median_ms)),
    ];
    const [a = null, b = null, c = null, d = null] = figures;
    return [
      `${shape.layers} × ${shape.hidden}`,
      `${BATCH} × ${shape.length}`,
      a,
      b,
      shareOf(a, b),
      c,
      d,
      shareOf(c, d),
    ];
  });
  return {
    title: "Dropout's share of a step",
    caption:
      'A step with dropout 0.1 and one without; the share is what the first takes longer, of its own time.',
    columns: [
      { name: 'encoder' },
      { name: 'texts × tokens' },
      { name: 'layerwise with, ms', digits: 1 },
      { name: 'without', digits: 1 },
      { name: 'share, %', digits: 1 },
      { name: 'PyTorch with, ms', digits: 1 },
      { name: 'without', digits: 1 },
      { name: 'share, %', digits: 1 },
    ],
    rows,
  };
}

/**
 * @param {number | null} on
 * @param {number | null} off
 */
function shareOf(on, off) {
  return on === null || off === null ? null : 100 * (1 - off / on);
}
