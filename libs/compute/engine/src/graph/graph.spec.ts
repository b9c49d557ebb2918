import * as tf from '@tensorflow/tfjs-core';
import { expect, it } from 'vitest';
import { withoutDeadNodes, type Graph, type GraphNode } from './graph.js';
import { record } from '../recording/record.js';

it('a graph without dead nodes keeps what an output needs, in order', async () => {
  const shape = ['n', 2];
  const graph = await record({
    name: 'dead',
    inputs: [
      { name: 'x', shape, type: 'float32' },
      { name: 'unused', shape, type: 'float32' },
    ],
    parameters: [],
    gradientsOf: [],
    compute: ({ x, unused }) => {
      tf.mul(tf.exp(unused!), 3);
      return { y: tf.tanh(tf.add(x!, 5)) };
    },
  });
  expect(graph.nodes.map(({ operator }) => operator)).toEqual(['Add', 'Tanh', 'Identity']);
  expect(graph.inputs.map(({ name }) => name)).toEqual(['x']);
  expect(graph.constants.map(({ values }) => [...values])).toEqual([[5]]);
});

it('a node is kept for any of its outputs', () => {
  const node = (operator: string, inputs: string[], outputs: string[]): GraphNode => ({
    operator,
    inputs,
    outputs,
    attributes: {},
  });
  const tensor = (name: string) => ({ name, type: 'float32' as const, shape: [1] });
  const graph: Graph = {
    name: 'split',
    symbols: new Map(),
    inputs: [tensor('x')],
    outputs: [tensor('y')],
    constants: [{ ...tensor('c'), values: Float32Array.of(1) }],
    nodes: [node('Split', ['x'], ['a', 'b']), node('Neg', ['a'], ['dead']), node('Exp', ['b'], ['y'])],
    types: new Map(),
  };
  const live = withoutDeadNodes(graph);
  expect(live.nodes.map(({ operator }) => operator)).toEqual(['Split', 'Exp']);
  expect(live.constants).toEqual([]);
});
