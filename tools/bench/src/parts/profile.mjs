/**
 * Part `profile`: where the time of a step goes, by operator, and what its matrix products reach of what the
 * machine can do.
 */
import { medianOf } from '../figures.mjs';
import { inTurn } from '../in-turn.mjs';
import { mediansOfParts } from '../onnxruntime-profile.mjs';
import { layerwise } from '../processes.mjs';
import { inProfileFolder, profileIn } from '../profile-folder.mjs';
import { columns } from '../table.mjs';
import { gigaOperations, timesInOnnxruntime } from './products.mjs';
import { nameOf, stepWords } from './step.mjs';

/** Steps that `bench step` takes before those that it times. */
const WARM_UP = 2;
/** The product that measures the machine. */
const PEAK_SIZE = 2048;
const PEAK = { m: PEAK_SIZE, k: PEAK_SIZE, n: PEAK_SIZE, transposeA: false, transposeB: false };
/** Rows of a table; what is below is summed. */
const SHOWN = 14;

/** @import { Measure } from '../in-turn.mjs' */
/** @import { Part } from '../onnxruntime-profile.mjs' */
/** @import { Table } from '../table.mjs' */

/**
 * One profiled run.
 * @typedef {object} Profiled
 * @property {number} medianMs of a step
 * @property {number} updateMs of that the update
 * @property {number} runMs of that onnxruntime's run
 * @property {Part[]} operators
 * @property {Part[]} products
 */

/** @type {Measure} */
export async function measureProfile(context) {
  const { settings, signal, folder } = context;
  const { threads } = settings;
  const samples = [];
  const tables = [];
  for (const shape of settings.shapes) {
    const what = `profile of ${nameOf(shape)}`;
    const found = await inTurn(context, what, {
      layerwise: () =>
        inProfileFolder(folder, async (profile) => {
          const words = ['bench', 'step', ...stepWords(settings, shape, 0.1), '--profile', profile];
          const { medianMs, updateMs } = await layerwise(words, { signal });
          return { medianMs, updateMs, ...profileIn(profile, WARM_UP) };
        }),
      peak: () => timesInOnnxruntime([PEAK], { threads, folder, signal }),
    });
    samples.push(...found);
    const of = (/** @type {string} */ side) =>
      found.filter((one) => one.side === side).map(({ result }) => result);
    const peak = (1000 * gigaOperations(PEAK)) / Math.min(...of('peak').map(({ ms }) => ms[0]));
    tables.push(...profileTables(nameOf(shape), medianProfile(of('layerwise')), peak));
  }
  return { tables, samples };
}

/** Medians over runs, of every figure. @param {readonly Profiled[]} runs @returns {Profiled} */
export function medianProfile(runs) {
  const median = (/** @type {(run: Profiled) => number} */ of) => medianOf(runs.map(of)) ?? 0;
  return {
    medianMs: median(({ medianMs }) => medianMs),
    updateMs: median(({ updateMs }) => updateMs),
    runMs: median(({ runMs }) => runMs),
    operators: mediansOfParts(runs.map(({ operators }) => operators)),
    products: mediansOfParts(runs.map(({ products }) => products)),
  };
}

/**
 * @param {string} shape
 * @param {Profiled} profile
 * @param {number} peak GFLOP/s that a plain product reaches
 * @returns {Table[]}
 */
export function profileTables(shape, { medianMs, updateMs, runMs, operators, products }, peak) {
  const row = (/** @type {Part} */ { name, calls, ms, operations }) => {
    const gflops = operations > 0 ? operations / ms / 1e6 : null;
    return [name, calls, ms, (100 * ms) / medianMs, gflops, gflops === null ? null : (100 * gflops) / peak];
  };
  const within = sumOf(operators, 'all operators');
  /** @param {string} name @param {number} ms */
  const plain = (name, ms) => [name, null, ms, (100 * ms) / medianMs, null, null];
  const figures = [
    ...columns(0, 'calls'),
    ...columns(2, 'ms'),
    ...columns(1, '% of step'),
    ...columns(0, 'GFLOP/s', '% of peak'),
  ];
  return [
    {
      title: `Where a step's time goes: ${shape}`,
      caption: `onnxruntime's own profile of ${medianMs.toFixed(1)} ms a step, which costs a little itself. A plain product of ${PEAK_SIZE} × ${PEAK_SIZE} reaches ${peak.toFixed(0)} GFLOP/s here.`,
      columns: [...columns(0, 'operator'), ...figures],
      rows: [
        ...shownOf(operators).map(row),
        plain('onnxruntime between operators', runMs - within.ms),
        plain('update', updateMs),
        plain('batch, embeddings, dropout masks, copies', medianMs - runMs - updateMs),
      ],
    },
    {
      title: `Matrix products of a step: ${shape}`,
      caption: 'By the shapes of both factors, as they lie in memory, and of the product.',
      columns: [...columns(0, 'product'), ...figures],
      rows: [...shownOf(products).map(row), row(sumOf(products, 'all products'))],
    },
  ];
}

/** @param {readonly Part[]} parts the longest first @returns {Part[]} */
function shownOf(parts) {
  if (parts.length <= SHOWN) return [...parts];
  const rest = parts.slice(SHOWN);
  return [...parts.slice(0, SHOWN), sumOf(rest, `${rest.length} others`)];
}

/** @param {readonly Part[]} parts @param {string} name @returns {Part} */
function sumOf(parts, name) {
  const sum = (/** @type {'calls' | 'ms' | 'operations'} */ of) =>
    parts.reduce((total, part) => total + part[of], 0);
  return { name, calls: sum('calls'), ms: sum('ms'), operations: sum('operations') };
}
