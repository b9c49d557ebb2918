/**
 * A tfjs backend that computes nothing and records what it is asked to compute.
 *
 * tfjs runs a function on it as on any backend: the forward pass, and the backward pass that
 * `tf.valueAndGrads` derives, arrive here as kernels. `lowerings/` turns each kernel into ONNX operators,
 * which `graph-builder.ts` puts together. One recording at a time: tfjs' engine is one per process, and
 * recording is synchronous.
 */
import * as tf from '@tensorflow/tfjs-core';
import { GraphBuilder } from '../graph/graph-builder.js';
import type { Attribute, ElementType, Graph } from '../graph/graph.js';
import type { Symbols } from '../graph/symbols.js';

export const RECORDER = 'layerwise-recorder';

/** What stands behind a recorded tensor: nothing but its type, or the values of a constant. */
interface RecordedData {
  /** Tensors that share it. */
  references: number;
  readonly values: tf.backend_util.BackendValues | null;
  readonly shape: readonly number[];
  readonly dtype: tf.DataType;
}

/** What an operator takes: a recorded tensor, or a value of the graph by name. */
type Operand = tf.TensorInfo | string;

const ELEMENT_TYPES: Partial<Record<tf.DataType, ElementType>> = {
  float32: 'float32',
  int32: 'int32',
  bool: 'bool',
};

const NO_SYMBOLS: Symbols = new Map();

export class RecordingBackend extends tf.KernelBackend {
  private readonly data: tf.DataStorage<RecordedData>;
  private recording = new GraphBuilder(NO_SYMBOLS);
  /** Names in the graph, by dataId. A constant of an earlier recording has none in this one. */
  private names = new Map<tf.DataId, string>();

  constructor() {
    super();
    this.data = new tf.DataStorage(this, tf.engine());
  }

  /** The graph that is being recorded. */
  get graph(): GraphBuilder {
    return this.recording;
  }

  /** Forgets the last recording and starts one with these symbolic sizes. */
  start(symbols: Symbols): void {
    this.recording = new GraphBuilder(symbols);
    this.names = new Map();
  }

  /** The graph recorded since `start`, with these tensors as its outputs. */
  finish(name: string, outputs: readonly { readonly name: string; readonly tensor: tf.Tensor }[]): Graph {
    const named = outputs.map(({ name: output, tensor }) => ({
      name: output,
      of: this.nameOf(tensor),
      type: elementType(tensor.dtype),
      shape: tensor.shape,
    }));
    return this.graph.finish(name, named);
  }

  /** A graph input, as a tensor that tfjs can compute with. */
  input(name: string, shape: readonly number[], dtype: 'float32' | 'int32'): tf.Tensor {
    this.graph.input(name, dtype, shape);
    return tf.engine().makeTensorFromTensorInfo(this.tensor(name, shape, dtype));
  }

  /** Records an operator with one output and gives that output as tfjs expects it. */
  emit(
    operator: string,
    inputs: readonly Operand[],
    shape: readonly number[],
    dtype: tf.DataType,
    attributes?: Record<string, Attribute>,
  ): tf.TensorInfo {
    const names = inputs.map((input) => this.nameOf(input));
    const output = this.graph.emit(operator, names, elementType(dtype), shape, attributes);
    return this.tensor(output, shape, dtype);
  }

  /** Records an operator with several outputs, all float32. */
  emitMany(
    operator: string,
    inputs: readonly Operand[],
    shapes: readonly (readonly number[])[],
    attributes: Record<string, Attribute>,
  ): tf.TensorInfo[] {
    const names = inputs.map((input) => this.nameOf(input));
    const outputs = this.graph.emitMany(operator, names, shapes, attributes);
    return outputs.map((name, place) => this.tensor(name, shapes[place]!, 'float32'));
  }

  /** The name of a tensor's value in the graph; reshapes it first where tfjs shares data between shapes. */
  nameOf(operand: Operand): string {
    if (typeof operand === 'string') return operand;
    const { dataId, shape, dtype } = operand;
    const data = this.data.get(dataId);
    const name = this.names.get(dataId) ?? this.constant(data);
    this.names.set(dataId, name);
    if (tf.util.arraysEqual([...data.shape], shape)) return name;
    const target = this.graph.shapeVector(shape, data.shape);
    return this.graph.emit('Reshape', [name, target], elementType(dtype), shape);
  }

  private constant({ values, shape, dtype }: RecordedData): string {
    if (values === null) throw new RangeError('a recorded tensor has neither a name nor values');
    return this.graph.values(elementType(dtype), shape, values as ArrayLike<number>);
  }

  private tensor(name: string, shape: readonly number[], dtype: tf.DataType): tf.TensorInfo {
    const dataId = {};
    this.data.set(dataId, { references: 1, values: null, shape: [...shape], dtype });
    this.names.set(dataId, name);
    return { dataId, shape: [...shape], dtype };
  }

  // What tfjs asks of every backend.

  override write(values: tf.backend_util.BackendValues, shape: number[], dtype: tf.DataType): tf.DataId {
    const dataId = {};
    this.data.set(dataId, { references: 1, values, shape, dtype });
    return dataId;
  }

  override move(
    dataId: tf.DataId,
    values: tf.backend_util.BackendValues,
    shape: number[],
    dtype: tf.DataType,
    references: number,
  ): void {
    this.data.set(dataId, { references, values, shape, dtype });
  }

  override readSync(dataId: object): tf.backend_util.BackendValues {
    const { values } = this.data.get(dataId);
    if (!values)
      throw new RangeError('a value was read while recording: a recorded function may not look at results');
    return values;
  }

  override read(dataId: object): Promise<tf.backend_util.BackendValues> {
    return Promise.resolve(this.readSync(dataId));
  }

  override numDataIds(): number {
    return this.data.numDataIds();
  }

  /** Counts, but keeps what was recorded: a name may be asked for after tfjs let go of its tensor. */
  override disposeData(dataId: object, force = false): boolean {
    this.decRef(dataId);
    return force || this.refCount(dataId) === 0;
  }

  override incRef(dataId: object): void {
    this.data.get(dataId).references++;
  }

  decRef(dataId: object): void {
    this.data.get(dataId).references--;
  }

  override refCount(dataId: object): number {
    return this.data.get(dataId).references;
  }

  override floatPrecision(): 16 | 32 {
    return 32;
  }

  override dispose(): void {
    this.start(NO_SYMBOLS);
  }
}

function elementType(dtype: tf.DataType): ElementType {
  const type = ELEMENT_TYPES[dtype];
  if (!type) throw new RangeError(`tensors of type ${dtype} can't be recorded`);
  return type;
}

/** Whether tfjs is recording at this moment. */
export function isRecording(): boolean {
  return tf.getBackend() === RECORDER;
}
