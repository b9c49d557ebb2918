/** Part `dropout`: what share of a step dropout takes, by the step without it, on both sides. */
import { eachInTurn, mediansOf } from '../in-turn.mjs';
import { columns } from '../table.mjs';
import { cellsOf, nameOf, sidesOf } from './step.mjs';

/** @import { Measure, Sample } from '../in-turn.mjs' */
/** @import { Shape } from '../options.mjs' */
/** @import { Table } from '../table.mjs' */

/** @type {Measure} */
export async function measureDropout(context) {
  const { shapes } = context.settings;
  const samples = await eachInTurn(context, shapes, whatOf, (shape) => {
    const [on, off] = [sidesOf(context, shape, 0.1), sidesOf(context, shape, 0)];
    return {
      'layerwise with': on.layerwise,
      'layerwise without': off.layerwise,
      'PyTorch with': on.PyTorch,
      'PyTorch without': off.PyTorch,
    };
  });
  return { tables: [dropoutTable(shapes, samples)], samples };
}

/** @param {Shape} shape */
function whatOf(shape) {
  return `dropout, ${nameOf(shape)}`;
}

/** @param {readonly Shape[]} shapes @param {readonly Sample[]} samples @returns {Table} */
export function dropoutTable(shapes, samples) {
  const rows = shapes.map((shape) => {
    const median = mediansOf(samples, whatOf(shape));
    const ours = ['with', 'without'].map((how) => median(`layerwise ${how}`, ({ medianMs }) => medianMs));
    const peers = ['with', 'without'].map((how) => median(`PyTorch ${how}`, ({ median_ms }) => median_ms));
    return [...cellsOf(shape), ...ours, shareOf(ours), ...peers, shareOf(peers)];
  });
  return {
    title: "Dropout's share of a step",
    caption:
      'A step with dropout 0.1 and one without; the share is what the first takes longer, of its own time.',
    columns: [
      ...columns(0, 'encoder', 'texts × tokens'),
      ...columns(1, 'layerwise with, ms', 'without', 'share, %'),
      ...columns(1, 'PyTorch with, ms', 'without', 'share, %'),
    ],
    rows,
  };
}

/** @param {readonly (number | null)[]} times with dropout and without */
function shareOf([on = null, off = null]) {
  return on === null || off === null ? null : 100 * (1 - off / on);
}
