/**
 * A tfjs backend that computes nothing and records what it is asked to compute.
 *
 * tfjs runs a function on it as on any backend: the forward pass, and the backward pass that `tf.valueAndGrads`
 * derives, arrive here as kernels. `lowerings/` turns each kernel into ONNX operators. One recording at a time:
 * tfjs' engine is one per process, and recording is synchronous.
 */
import * as tf from '@tensorflow/tfjs-core';
import type { Attribute, Constant, ElementType, Graph, GraphNode, TensorType } from './graph.js';
import { factorise, hidesSymbol, isSymbolic, refuseShifted, sizeName, type Symbols } from './symbols.js';

export const RECORDER = 'layerwise-recorder';

/** What stands behind a recorded tensor: nothing but its type, or the values of a constant. */
interface RecordedData {
  /** Tensors that share it. */
  references: number;
  readonly values: tf.backend_util.BackendValues | null;
  readonly shape: readonly number[];
  readonly dtype: tf.DataType;
}

const ELEMENT_TYPES: Partial<Record<tf.DataType, ElementType>> = {
  float32: 'float32',
  int32: 'int32',
  bool: 'bool',
};

export class RecordingBackend extends tf.KernelBackend {
  private readonly data: tf.DataStorage<RecordedData>;
  private symbols: Symbols = { primes: new Map() };
  private nodes: GraphNode[] = [];
  private constants = new Map<string, Constant>();
  private inputs: TensorType[] = [];
  private types = new Map<string, TensorType>();
  /** Names in the graph, by dataId. A constant of an earlier recording has none in this one. */
  private names = new Map<tf.DataId, string>();
  private counter = 0;

  constructor() {
    super();
    this.data = new tf.DataStorage(this, tf.engine());
  }

  /** Forgets the last recording and starts one with these symbolic sizes. */
  start(symbols: Symbols): void {
    this.symbols = symbols;
    this.nodes = [];
    this.constants = new Map();
    this.inputs = [];
    this.types = new Map();
    this.names = new Map();
    this.counter = 0;
  }

  /** The graph recorded since `start`, with these tensors as its outputs. */
  finish(name: string, outputs: readonly { readonly name: string; readonly tensor: tf.Tensor }[]): Graph {
    const outputTypes = outputs.map(({ name: outputName, tensor }) => {
      this.add('Identity', [this.nameOf(tensor)], [outputName]);
      return this.declare(outputName, elementType(tensor.dtype), tensor.shape);
    });
    const { symbols, inputs, nodes, types } = this;
    return {
      name,
      symbols,
      inputs,
      outputs: outputTypes,
      constants: [...this.constants.values()],
      nodes,
      types,
    };
  }

  /** A graph input, as a tensor that tfjs can compute with. */
  input(name: string, shape: readonly number[], dtype: 'float32' | 'int32'): tf.Tensor {
    this.inputs.push(this.declare(name, dtype, shape));
    return tf.engine().makeTensorFromTensorInfo(this.tensor(name, shape, dtype));
  }

  /** Records an operator with one output and gives that output as tfjs expects it. */
  emit(
    operator: string,
    inputs: readonly string[],
    shape: readonly number[],
    dtype: tf.DataType,
    attributes: Record<string, Attribute> = {},
    domain: GraphNode['domain'] = '',
  ): tf.TensorInfo {
    refuseShifted(this.symbols, shape, this.inputs);
    const output = this.fresh();
    this.add(operator, inputs, [output], attributes, domain);
    this.declare(output, elementType(dtype), shape);
    return this.tensor(output, shape, dtype);
  }

  /** Records an operator with several outputs. */
  emitMany(
    operator: string,
    inputs: readonly string[],
    shapes: readonly (readonly number[])[],
    attributes: Record<string, Attribute>,
  ): tf.TensorInfo[] {
    const outputs = shapes.map((shape) => ({ name: this.fresh(), shape }));
    this.add(
      operator,
      inputs,
      outputs.map((output) => output.name),
      attributes,
    );
    return outputs.map(({ name, shape }) => {
      this.declare(name, 'float32', shape);
      return this.tensor(name, shape, 'float32');
    });
  }

  /** The name of a tensor's value in the graph; reshapes it first where tfjs shares data between two shapes. */
  nameOf({ dataId, shape, dtype }: tf.TensorInfo): string {
    const data = this.data.get(dataId);
    const isOpen = data.shape.some((size) => isSymbolic(this.symbols, size));
    const name = this.names.get(dataId) ?? (isOpen ? this.uniform(data) : this.constantOf(data));
    this.names.set(dataId, name);
    if (tf.util.arraysEqual([...data.shape], shape)) return name;
    return this.nameOf(this.emit('Reshape', [name, this.shapeVector(shape, data.shape)], shape, dtype));
  }

  /** An int64 constant vector, as ONNX wants axes, starts and ends. */
  int64s(values: readonly number[]): string {
    return this.constant('int64', [values.length], BigInt64Array.from(values, BigInt), values.join(','));
  }

  int32(value: number): string {
    return this.constant('int32', [], Int32Array.of(value), String(value));
  }

  float(value: number): string {
    return this.constant('float32', [], Float32Array.of(value), String(value));
  }

  floats(values: readonly number[]): string {
    return this.constant('float32', [values.length], Float32Array.from(values), values.join(','));
  }

  /**
   * The target of a Reshape from `before`. ONNX writes 0 for a size that stays in its place and -1 for one more that
   * is open; where that does not do, the sizes are computed at run time.
   */
  shapeVector(shape: readonly number[], before: readonly number[]): string {
    const isOpen = (size: number): boolean => isSymbolic(this.symbols, size);
    const told = shape.map((size, axis) => (isOpen(size) ? (before[axis] === size ? 0 : -1) : size));
    return told.filter((size) => size === -1).length <= 1 ? this.int64s(told) : this.sizeVector(shape);
  }

  /** A shape as int64 vector, computed at run time where it has symbolic sizes. */
  sizeVector(shape: readonly number[]): string {
    refuseShifted(this.symbols, shape, this.inputs);
    if (!shape.some((size) => isSymbolic(this.symbols, size))) return this.int64s(shape);
    return this.addInt64(
      'Concat',
      shape.map((size) => this.size(size)),
      { axis: { int: 0 } },
      [shape.length],
    );
  }

  /** One size as int64 vector of length 1. */
  private size(size: number): string {
    const { constant, symbols } = factorise(this.symbols, size);
    const factors = symbols.map((symbol) => this.symbolSize(symbol));
    if (constant !== 1 || factors.length === 0) factors.push(this.int64s([constant]));
    return factors.reduce((product, factor) => this.addInt64('Mul', [product, factor], {}, [1]));
  }

  /** Reads a symbolic size off an input that has it as a dimension of its own. */
  private symbolSize(symbol: string): string {
    const prime = this.symbols.primes.get(symbol);
    for (const input of this.inputs) {
      const axis = input.shape.findIndex((size) => size === prime);
      if (axis < 0) continue;
      return this.addInt64('Shape', [input.name], { start: { int: axis }, end: { int: axis + 1 } }, [1]);
    }
    throw new RangeError(`no input has the size ${symbol} as a dimension of its own`);
  }

  private addInt64(
    operator: string,
    inputs: readonly string[],
    attributes: Record<string, Attribute>,
    shape: readonly number[],
  ): string {
    const output = this.fresh();
    this.add(operator, inputs, [output], attributes);
    this.declare(output, 'int64', shape);
    return output;
  }

  private add(
    operator: string,
    inputs: readonly string[],
    outputs: readonly string[],
    attributes: Record<string, Attribute> = {},
    domain: GraphNode['domain'] = '',
  ): void {
    this.nodes.push({ operator, domain, inputs, outputs, attributes });
  }

  /** tfjs fills `ones` and `zeros` itself; of a symbolic shape they are one value spread out at run time. */
  private uniform({ values, shape, dtype }: RecordedData): string {
    const all = (values ?? []) as ArrayLike<number>;
    const value = all[0] ?? 0;
    if (Array.prototype.some.call(all, (other) => other !== value)) {
      throw new RangeError('a constant of a symbolic shape must have one value throughout');
    }
    const scalar = this.constantOf({ references: 1, values: Float32Array.of(value), shape: [], dtype });
    return this.nameOf(this.emit('Expand', [scalar, this.sizeVector(shape)], shape, dtype));
  }

  private constantOf({ values, shape, dtype }: RecordedData): string {
    if (values === null) throw new RangeError('a recorded tensor has neither a name nor values');
    const numbers = Array.from(values as ArrayLike<number>, Number);
    const hidden = numbers.find((value) => hidesSymbol(this.symbols, value));
    if (hidden !== undefined) {
      throw new RangeError(
        `the constant ${String(hidden)} was computed from the symbolic size ` +
          `${sizeName(this.symbols, Math.round(Math.abs(hidden) < 1 ? 1 / hidden : hidden))}; feed it as an input instead`,
      );
    }
    const type = elementType(dtype);
    const array =
      type === 'float32'
        ? Float32Array.from(numbers)
        : type === 'int32'
          ? Int32Array.from(numbers)
          : Uint8Array.from(numbers);
    const key = numbers.length <= 8 ? numbers.join(',') : `#${String(this.counter++)}`;
    return this.constant(type, shape, array, key);
  }

  /** Constants of equal type, shape and key are kept once. */
  private constant(
    type: ElementType,
    shape: readonly number[],
    values: Constant['values'],
    key: string,
  ): string {
    const id = `${type}[${shape.join(',')}]${key}`;
    const known = this.constants.get(id);
    if (known) return known.name;
    const name = `c${String(this.constants.size)}`;
    this.constants.set(id, { ...this.declare(name, type, shape), values });
    return name;
  }

  private declare(name: string, type: ElementType, shape: readonly number[]): TensorType {
    const declared = { name, type, shape: [...shape] };
    this.types.set(name, declared);
    return declared;
  }

  private tensor(name: string, shape: readonly number[], dtype: tf.DataType): tf.TensorInfo {
    const dataId = {};
    this.data.set(dataId, { references: 1, values: null, shape: [...shape], dtype });
    this.names.set(dataId, name);
    return { dataId, shape: [...shape], dtype };
  }

  private fresh(): string {
    return `t${String(this.counter++)}`;
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

  override epsilon(): number {
    return 1e-7;
  }

  override timerAvailable(): boolean {
    return false;
  }

  override dispose(): void {
    this.start({ primes: new Map() });
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
