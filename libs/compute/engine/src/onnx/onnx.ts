/** Writes a recorded graph as an ONNX model: IR version 8, opset 17, onnxruntime's operators at version 1. */
import { create, toBinary } from '@bufbuild/protobuf';
import type { Attribute, Constant, ElementType, Graph, GraphNode, TensorType } from '../graph/graph.js';
import {
  AttributeProto_AttributeType as AttributeType,
  AttributeProtoSchema,
  GraphProtoSchema,
  ModelProtoSchema,
  NodeProtoSchema,
  TensorProtoSchema,
  ValueInfoProtoSchema,
  type AttributeProto,
  type TensorProto,
  type ValueInfoProto,
} from './onnx_pb.js';
import { isSymbolic, sizeName, type Symbols } from '../graph/symbols.js';

const IR_VERSION = 8n;
const OPERATOR_SETS = [
  { domain: '', version: 17n },
  { domain: 'com.microsoft', version: 1n },
];
/** Which of a graph's operators are not ONNX' own. */
const OPERATORS_OF_ONNXRUNTIME = ['FusedMatMul'];
const ELEMENT_TYPES: Record<ElementType, number> = { float32: 1, int32: 6, int64: 7, bool: 9 };

/**
 * The bytes of an .onnx file. Symbolic sizes become named dimensions.
 * @param sequence a further output of this name before all others: a sequence of one number
 */
export function toOnnx(graph: Graph, sequence: string | null = null): Uint8Array {
  const { symbols } = graph;
  const first = sequence === null ? null : sequenceOf(sequence);
  const model = create(ModelProtoSchema, {
    irVersion: IR_VERSION,
    producerName: 'layerwise',
    opsetImport: OPERATOR_SETS,
    graph: create(GraphProtoSchema, {
      name: graph.name,
      node: [...graph.nodes, ...(first ? [first.node] : [])].map((node) =>
        create(NodeProtoSchema, {
          input: [...node.inputs],
          output: [...node.outputs],
          name: node.outputs[0] ?? '',
          opType: node.operator,
          domain: OPERATORS_OF_ONNXRUNTIME.includes(node.operator) ? 'com.microsoft' : '',
          attribute: Object.entries(node.attributes).map(([name, value]) => attribute(name, value)),
        }),
      ),
      initializer: [...graph.constants, ...(first ? [first.constant] : [])].map(initializer),
      input: graph.inputs.map((tensor) => valueInfo(symbols, tensor)),
      output: [
        // onnxruntime finds its type out by itself.
        ...(sequence === null ? [] : [create(ValueInfoProtoSchema, { name: sequence })]),
        ...graph.outputs.map((tensor) => valueInfo(symbols, tensor)),
      ],
    }),
  });
  return toBinary(ModelProtoSchema, model);
}

function sequenceOf(name: string): { node: GraphNode; constant: Constant } {
  const element = `${name}.element`;
  return {
    node: { operator: 'SequenceConstruct', inputs: [element], outputs: [name], attributes: {} },
    constant: { name: element, type: 'float32', shape: [], values: Float32Array.of(0) },
  };
}

function attribute(name: string, value: Attribute): AttributeProto {
  if ('int' in value)
    return create(AttributeProtoSchema, { name, type: AttributeType.INT, i: BigInt(value.int) });
  if ('ints' in value)
    return create(AttributeProtoSchema, { name, type: AttributeType.INTS, ints: value.ints.map(BigInt) });
  if ('float' in value)
    return create(AttributeProtoSchema, { name, type: AttributeType.FLOAT, f: value.float });
  return create(AttributeProtoSchema, {
    name,
    type: AttributeType.STRING,
    s: new TextEncoder().encode(value.string),
  });
}

function initializer({ name, type, shape, values }: Constant): TensorProto {
  return create(TensorProtoSchema, {
    name,
    dataType: ELEMENT_TYPES[type],
    dims: shape.map(BigInt),
    rawData: new Uint8Array(values.buffer, values.byteOffset, values.byteLength),
  });
}

function valueInfo(symbols: Symbols, { name, type, shape }: TensorType): ValueInfoProto {
  const dim = shape.map((size) =>
    isSymbolic(symbols, size)
      ? { value: { case: 'dimParam' as const, value: sizeName(symbols, size) } }
      : { value: { case: 'dimValue' as const, value: BigInt(size) } },
  );
  return create(ValueInfoProtoSchema, {
    name,
    type: { tensorType: { elemType: ELEMENT_TYPES[type], shape: { dim } } },
  });
}
