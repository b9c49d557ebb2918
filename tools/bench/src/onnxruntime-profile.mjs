/**
 * onnxruntime's profile of a session (events as chrome://tracing reads them) as times by operator, and matrix
 * products by shape.
 *
 * An event of category `Session` named `model_run` is one run; those of category `Node` within it are its
 * operators, with microseconds and the shapes of what went in and out.
 */
import { medianOf } from './figures.mjs';

/** Operators that are matrix products, with or without something fused to them. */
const PRODUCTS = ['Gemm', 'FusedGemm', 'MatMul', 'FusedMatMul'];

/**
 * @typedef {readonly Readonly<Record<string, readonly number[]>>[]} Shapes one of each tensor, by its type
 */

/**
 * @typedef {object} ProfileEvent
 * @property {string} cat
 * @property {string} name
 * @property {number} ts microseconds
 * @property {number} dur microseconds
 * @property {{op_name?: string, input_type_shape?: Shapes, output_type_shape?: Shapes}} [args]
 */

/**
 * Something's part of a run: medians over runs.
 * @typedef {object} Part
 * @property {string} name
 * @property {number} calls
 * @property {number} ms
 * @property {number} operations multiplications and additions of matrix products; 0 where it is none
 */

/**
 * @param {readonly ProfileEvent[]} events
 * @param {number} skip runs at the start that are left out
 * @returns {{runs: number, runMs: number, operators: Part[], products: Part[]}} parts with the longest first
 * @throws {Error} where no run is left
 */
export function profileOf(events, skip) {
  const runs = events
    .filter(({ cat, name }) => cat === 'Session' && name === 'model_run')
    .sort(byTime)
    .slice(skip);
  if (runs.length === 0) throw new Error(`The profile holds no run after the first ${skip}.`);
  const nodes = events.filter(({ cat, args }) => cat === 'Node' && args?.op_name !== undefined).sort(byTime);
  const within = runs.map(({ ts, dur }) => nodes.filter((node) => node.ts >= ts && node.ts < ts + dur));
  return {
    runs: runs.length,
    runMs: medianOf(runs.map(({ dur }) => dur / 1000)) ?? 0,
    operators: mediansOfParts(within.map((run) => partsOf(run, ({ args }) => args?.op_name ?? ''))),
    products: mediansOfParts(
      within.map((run) =>
        partsOf(
          run.filter((node) => operationsOf(node) > 0),
          shapesOf,
        ),
      ),
    ),
  };
}

/** @param {ProfileEvent} a @param {ProfileEvent} b */
function byTime(a, b) {
  return a.ts - b.ts;
}

/**
 * The parts of each run, added up by name.
 * @param {readonly ProfileEvent[]} nodes
 * @param {(node: ProfileEvent) => string} nameOf
 * @returns {Part[]}
 */
function partsOf(nodes, nameOf) {
  /** @type {Map<string, Part>} */
  const parts = new Map();
  for (const node of nodes) {
    const name = nameOf(node);
    const { calls, ms, operations } = parts.get(name) ?? { calls: 0, ms: 0, operations: 0 };
    parts.set(name, {
      name,
      calls: calls + 1,
      ms: ms + node.dur / 1000,
      operations: operations + operationsOf(node),
    });
  }
  return [...parts.values()];
}

/**
 * Medians over runs, a part that a run lacks being nothing there; the longest first.
 * @param {readonly (readonly Part[])[]} runs
 * @returns {Part[]}
 */
export function mediansOfParts(runs) {
  const names = [...new Set(runs.flat().map(({ name }) => name))];
  const parts = names.map((name) => {
    const median = (/** @type {'calls' | 'ms' | 'operations'} */ figure) =>
      medianOf(runs.map((parts) => parts.find((part) => part.name === name)?.[figure] ?? 0)) ?? 0;
    return { name, calls: median('calls'), ms: median('ms'), operations: median('operations') };
  });
  return parts.sort((a, b) => b.ms - a.ms);
}

/**
 * Multiplications and additions of a matrix product: 2·m·n·k for each of its matrices; 0 of other operators.
 * @param {ProfileEvent} node
 * @returns {number}
 */
export function operationsOf({ args }) {
  if (!PRODUCTS.includes(args?.op_name ?? '')) return 0;
  const [a = [], b = []] = (args?.input_type_shape ?? []).map(shapeOf);
  const [out = []] = (args?.output_type_shape ?? []).map(shapeOf);
  const [rows = 1, columns = 1] = out.slice(-2);
  const matrices = sizeOf(out.slice(0, -2));
  // Whatever is transposed, a matrix of the left holds rows · k numbers; one of the right, where the left is
  // one for all, k · columns.
  const inner =
    a.length > 2 || out.length <= 2 ? sizeOf(a) / (matrices * rows) : sizeOf(b) / (matrices * columns);
  return 2 * matrices * rows * columns * inner;
}

/** @param {ProfileEvent} node */
function shapesOf({ args }) {
  const inputs = (args?.input_type_shape ?? []).slice(0, 2).map((shape) => shapeOf(shape).join('×'));
  const output = (args?.output_type_shape ?? []).map((shape) => shapeOf(shape).join('×'));
  return `${args?.op_name ?? ''} ${inputs.join(' · ')} → ${output[0] ?? ''}`;
}

/** @param {Readonly<Record<string, readonly number[]>>} typed */
function shapeOf(typed) {
  return Object.values(typed)[0] ?? [];
}

/** @param {readonly number[]} shape */
function sizeOf(shape) {
  return shape.reduce((product, size) => product * size, 1);
}
