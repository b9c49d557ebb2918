/** A recorded graph as text, one operator a line, with every tensor's type: what `--dump-graph` prints. */
import type { Attribute, Graph, TensorType } from './graph.js';
import { sizeName } from './symbols.js';

/** For instance `t4: float32[tokens, 64] = Gemm(rows, weight, bias) {transB: 1}`. */
export function printGraph(graph: Graph): string {
  const typed = ({ name, type, shape }: TensorType): string =>
    `${name}: ${type}[${shape.map((size) => sizeName(graph.symbols, size)).join(', ')}]`;
  const named = (name: string): string => {
    const tensor = graph.types.get(name);
    return tensor ? typed(tensor) : name;
  };
  const constants = graph.constants.map((constant) => {
    const shown = constant.values.length <= 8 ? Array.from(constant.values, String).join(', ') : '…';
    return `  ${typed(constant)} = {${shown}}`;
  });
  const nodes = graph.nodes.map((node) => {
    const attributes = Object.entries(node.attributes).map(
      ([key, value]) => `${key}: ${printAttribute(value)}`,
    );
    const suffix = attributes.length > 0 ? ` {${attributes.join(', ')}}` : '';
    return `  ${node.outputs.map(named).join(', ')} = ${node.operator}(${node.inputs.join(', ')})${suffix}`;
  });
  return [
    `graph ${graph.name}`,
    'inputs',
    ...graph.inputs.map((tensor) => `  ${typed(tensor)}`),
    'constants',
    ...constants,
    'operators',
    ...nodes,
    'outputs',
    ...graph.outputs.map((tensor) => `  ${typed(tensor)}`),
    '',
  ].join('\n');
}

function printAttribute(value: Attribute): string {
  if ('int' in value) return String(value.int);
  if ('ints' in value) return `[${value.ints.join(', ')}]`;
  if ('float' in value) return String(value.float);
  return value.string;
}
