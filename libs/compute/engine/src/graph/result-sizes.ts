/**
 * Actual shapes of a graph's results: where `symbols.ts` knows a size as a product of names, the batch that
 * is fed says what they are. So results can be allocated before a run.
 */
import type { Bindings } from '../engines/executable.js';
import type { Graph, TensorType } from './graph.js';
import { factorise, type SizeExpression } from './symbols.js';

/** Where each symbol can be read off: a dimension of an input that is nothing but it. */
export function symbolSources({ inputs, symbols }: Graph): ReadonlyMap<string, readonly [string, number]> {
  const sources = new Map<string, readonly [string, number]>();
  for (const { name, shape } of inputs) {
    shape.forEach((size, axis) => {
      const { constant, symbols: found } = factorise(symbols, size);
      const [symbol] = found;
      if (symbol !== undefined && found.length === 1 && constant === 1) sources.set(symbol, [name, axis]);
    });
  }
  return sources;
}

/** The shape of one of the graph's outputs for what is fed. */
export type ShapeOf = (feeds: Bindings) => number[];

/** @throws RangeError for an output of a size that no input tells */
export function shapeOfOutput(
  { symbols }: Graph,
  { name, shape }: TensorType,
  sources: ReadonlyMap<string, readonly [string, number]>,
): ShapeOf {
  const sizes: SizeExpression[] = shape.map((size) => factorise(symbols, size));
  const unknown = sizes.flatMap(({ symbols: found }) => found).find((symbol) => !sources.has(symbol));
  if (unknown !== undefined) throw new RangeError(`no input says how large ${unknown} of ${name} is`);
  const sizeOf = (feeds: Bindings, symbol: string): number => {
    const [input, axis] = sources.get(symbol)!;
    return feeds[input]!.shape[axis]!;
  };
  return (feeds) =>
    sizes.map(({ constant, symbols: found }) =>
      found.reduce((product, symbol) => product * sizeOf(feeds, symbol), constant),
    );
}
