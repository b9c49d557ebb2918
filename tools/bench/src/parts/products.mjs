/**
 * Part `products`: the matrix products of an encoder's dense layers, each by itself, in both libraries. A
 * layer y = x Wᵀ of weight W [out, in] has three, and each comes in one orientation alone: its result, x's
 * gradient dy W and W's gradient dyᵀ x.
 */
import { join } from 'node:path';
import { ratioOf } from '../figures.mjs';
import { inTurn, mediansOf } from '../in-turn.mjs';
import { lastJson, run } from '../processes.mjs';
import { inProfileFolder } from '../profile-folder.mjs';
import { columns } from '../table.mjs';
import { BATCH, nameOf } from './step.mjs';

/** The hidden size of a feed-forward layer, in those of the encoder. */
const WIDER = 4;

/** @import { Measure, Sample } from '../in-turn.mjs' */
/** @import { Shape } from '../options.mjs' */
/** @import { Product } from '../products.mjs' */
/** @import { Table } from '../table.mjs' */
/** @typedef {Product & {layer: string, name: string}} NamedProduct */

/** @type {Measure} */
export async function measureProducts(context) {
  const { settings, peer, signal, folder } = context;
  const { threads } = settings;
  const tables = [];
  const samples = [];
  for (const shape of settings.shapes) {
    const products = productsOf(shape);
    const what = `products, ${nameOf(shape)}`;
    const found = await inTurn(context, what, {
      onnxruntime: () => timesInOnnxruntime(products, { threads, folder, signal }),
      PyTorch: peer && (() => peer.own('torch_products.py', { products, threads })),
    });
    samples.push(...found);
    tables.push(productsTable(shape, found));
  }
  return { tables, samples };
}

/**
 * @param {readonly Product[]} products
 * @param {{threads: number, folder: string, signal: AbortSignal}} context
 * @returns {Promise<{ms: number[]}>} milliseconds of each
 */
export function timesInOnnxruntime(products, { threads, folder, signal }) {
  const label = 'products.mjs';
  return inProfileFolder(folder, async (profiles) => {
    const words = [join(import.meta.dirname, '..', label), JSON.stringify({ products, threads }), profiles];
    const { stdout } = await run(process.execPath, words, { signal, label });
    return lastJson(label, stdout);
  });
}

/** @param {Shape} shape @returns {NamedProduct[]} */
export function productsOf({ hidden, length }) {
  const rows = BATCH * length;
  const wide = WIDER * hidden;
  const sizes = [
    [hidden, hidden],
    [hidden, wide],
    [wide, hidden],
  ];
  return sizes.flatMap(([from = 0, to = 0]) => {
    const layer = `${from} → ${to}`;
    const both = { layer, transposeA: false, transposeB: false };
    return [
      { ...both, name: 'x Wᵀ', m: rows, k: from, n: to, transposeB: true },
      { ...both, name: 'dy W', m: rows, k: to, n: from },
      { ...both, name: 'dyᵀ x', m: to, k: rows, n: from, transposeA: true },
    ];
  });
}

/** @param {Product} product */
export function gigaOperations({ m, k, n }) {
  return (2 * m * k * n) / 1e9;
}

/** @param {Shape} shape @param {readonly Sample[]} samples @returns {Table} */
export function productsTable(shape, samples) {
  const products = productsOf(shape);
  const median = mediansOf(samples, `products, ${nameOf(shape)}`);
  const measured = products.map((product, place) => ({
    ...product,
    giga: gigaOperations(product),
    ours: median('onnxruntime', ({ ms }) => ms[place]),
    peers: median('PyTorch', ({ ms }) => ms[place]),
  }));
  const sum = (/** @type {(one: (typeof measured)[number]) => number | null} */ figure) => {
    const figures = measured.map(figure);
    return figures.includes(null) ? null : figures.reduce((total, one) => (total ?? 0) + (one ?? 0), 0);
  };
  const all = { layer: 'all', name: '', giga: sum(({ giga }) => giga) ?? 0 };
  const rows = [...measured, { ...all, ours: sum(({ ours }) => ours), peers: sum(({ peers }) => peers) }];
  return {
    title: `Products of dense layers: ${nameOf(shape)}`,
    caption:
      "One product of each kind, y = x Wᵀ being the layer; onnxruntime's by its own profile, PyTorch's by the clock around them.",
    columns: [
      ...columns(0, 'layer', 'product'),
      ...columns(2, 'onnxruntime ms'),
      ...columns(0, 'GFLOP/s'),
      ...columns(2, 'PyTorch ms'),
      ...columns(0, 'GFLOP/s'),
      ...columns(2, 'ratio'),
    ],
    rows: rows.map(({ layer, name, giga, ours, peers }) => [
      ...[layer, name],
      ...[ours, ours && (1000 * giga) / ours],
      ...[peers, peers && (1000 * giga) / peers, ratioOf(ours, peers)],
    ]),
  };
}
