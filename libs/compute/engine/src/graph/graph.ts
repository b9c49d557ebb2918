/**
 * The recorded graph: tensors by name, operators in ONNX's vocabulary, in order of execution.
 * `graph-builder.ts` makes it, `print-graph.ts` prints it, `onnx.ts` writes it.
 */
import type { Symbols } from './symbols.js';

export type ElementType = 'float32' | 'int32' | 'int64' | 'bool';

/** An attribute of an operator, tagged as ONNX tags it. */
export type Attribute =
  | { readonly int: number }
  | { readonly ints: readonly number[] }
  | { readonly float: number }
  | { readonly string: string };

export interface GraphNode {
  readonly operator: string;
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  readonly attributes: Readonly<Record<string, Attribute>>;
}

/** A tensor's type. `shape` holds recorded sizes: see `symbols.ts`. */
export interface TensorType {
  readonly name: string;
  readonly type: ElementType;
  readonly shape: readonly number[];
}

export interface Constant extends TensorType {
  readonly values: Float32Array | Int32Array | BigInt64Array | Uint8Array;
}

export interface Graph {
  readonly name: string;
  readonly symbols: Symbols;
  readonly inputs: readonly TensorType[];
  readonly outputs: readonly TensorType[];
  readonly constants: readonly Constant[];
  readonly nodes: readonly GraphNode[];
  /** Every tensor's type by name, for printing. */
  readonly types: ReadonlyMap<string, TensorType>;
}

/** The graph without nodes and constants that no output needs. */
export function withoutDeadNodes(graph: Graph): Graph {
  const needed = new Set(graph.outputs.map((output) => output.name));
  const nodes: GraphNode[] = [];
  for (const node of graph.nodes.toReversed()) {
    if (!node.outputs.some((output) => needed.has(output))) continue;
    node.inputs.forEach((input) => needed.add(input));
    nodes.push(node);
  }
  const isNeeded = (tensor: TensorType): boolean => needed.has(tensor.name);
  return {
    ...graph,
    nodes: nodes.reverse(),
    constants: graph.constants.filter(isNeeded),
    inputs: graph.inputs.filter(isNeeded),
  };
}
