/**
 * Builds a graph (`graph.ts`) operator by operator: names tensors, keeps equal constants once, and writes
 * shapes whose sizes are known only at run time (`symbols.ts`). It knows nothing of tfjs; `recorder.ts` tells
 * it what tfjs asks for.
 */
import type { Attribute, Constant, ElementType, Graph, GraphNode, TensorType } from './graph.js';
import { factorise, hidesSymbol, isSymbolic, refuseShifted, sizeName, type Symbols } from './symbols.js';

type Shape = readonly number[];

export class GraphBuilder {
  private readonly symbols: Symbols;
  private readonly nodes: GraphNode[] = [];
  private readonly constants = new Map<string, Constant>();
  private readonly inputs: TensorType[] = [];
  private readonly types = new Map<string, TensorType>();
  private counter = 0;

  constructor(symbols: Symbols) {
    this.symbols = symbols;
  }

  input(name: string, type: ElementType, shape: Shape): void {
    this.inputs.push(this.declare(name, type, shape));
  }

  /** Adds an operator, gives its output's name. @throws RangeError for a size that only the recording has. */
  emit(
    operator: string,
    inputs: readonly string[],
    type: ElementType,
    shape: Shape,
    attributes: Record<string, Attribute> = {},
  ): string {
    refuseShifted(this.symbols, shape, this.inputs);
    const output = this.fresh();
    this.nodes.push({ operator, inputs, outputs: [output], attributes });
    this.declare(output, type, shape);
    return output;
  }

  /** The same with several outputs, all float32. */
  emitMany(
    operator: string,
    inputs: readonly string[],
    shapes: readonly Shape[],
    attributes: Record<string, Attribute>,
  ): string[] {
    const outputs = shapes.map((shape) => {
      refuseShifted(this.symbols, shape, this.inputs);
      return this.declare(this.fresh(), 'float32', shape).name;
    });
    this.nodes.push({ operator, inputs, outputs, attributes });
    return outputs;
  }

  /** The graph so far, called `name`; each output is the tensor `of` under another name. */
  finish(name: string, outputs: readonly (TensorType & { readonly of: string })[]): Graph {
    const declared = outputs.map(({ name: output, of, type, shape }) => {
      this.nodes.push({ operator: 'Identity', inputs: [of], outputs: [output], attributes: {} });
      return this.declare(output, type, shape);
    });
    const { symbols, inputs, nodes, types } = this;
    return {
      name,
      symbols,
      inputs,
      outputs: declared,
      constants: [...this.constants.values()],
      nodes,
      types,
    };
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
   * A tensor of given values. tfjs fills `ones` and `zeros` itself; of a symbolic shape they are one value
   * spread out at run time. @throws RangeError for values that would hold for the recorded sizes alone.
   */
  values(type: ElementType, shape: Shape, values: ArrayLike<number>): string {
    if (!shape.some((size) => isSymbolic(this.symbols, size))) return this.numbers(type, shape, values);
    const value = values[0]!;
    if (Array.prototype.some.call(values, (entry) => entry !== value)) {
      throw new RangeError('a constant of a symbolic shape must have one value throughout');
    }
    return this.emit('Expand', [this.numbers(type, [], [value]), this.sizeVector(shape)], type, shape);
  }

  /**
   * The target of a Reshape from `before`. ONNX writes 0 for a size that stays in its place and -1 for one
   * more that is open; where that does not do, the sizes are computed at run time.
   */
  shapeVector(shape: Shape, before: Shape): string {
    const isOpen = (size: number): boolean => isSymbolic(this.symbols, size);
    const target = shape.map((size, axis) => (isOpen(size) ? (before[axis] === size ? 0 : -1) : size));
    return target.filter((size) => size === -1).length <= 1 ? this.int64s(target) : this.sizeVector(shape);
  }

  /** A shape as int64 vector, computed at run time where it has symbolic sizes. */
  sizeVector(shape: Shape): string {
    refuseShifted(this.symbols, shape, this.inputs);
    if (!shape.some((size) => isSymbolic(this.symbols, size))) return this.int64s(shape);
    const sizes = shape.map((size) => this.size(size));
    return this.emit('Concat', sizes, 'int64', [shape.length], { axis: { int: 0 } });
  }

  /** One size as int64 vector of length 1. */
  private size(size: number): string {
    const { constant, symbols } = factorise(this.symbols, size);
    const factors = symbols.map((symbol) => this.symbolSize(symbol));
    if (constant !== 1 || factors.length === 0) factors.push(this.int64s([constant]));
    return factors.reduce((product, factor) => this.emit('Mul', [product, factor], 'int64', [1]));
  }

  /** Reads a symbolic size off an input that has it as a dimension of its own. */
  private symbolSize(symbol: string): string {
    const prime = this.symbols.get(symbol);
    for (const input of this.inputs) {
      const axis = input.shape.findIndex((size) => size === prime);
      if (axis < 0) continue;
      const range = { start: { int: axis }, end: { int: axis + 1 } };
      return this.emit('Shape', [input.name], 'int64', [1], range);
    }
    throw new RangeError(`no input has the size ${symbol} as a dimension of its own`);
  }

  private numbers(type: ElementType, shape: Shape, values: ArrayLike<number>): string {
    const numbers = Array.from(values, Number);
    const hidden = numbers.find((value) => hidesSymbol(this.symbols, value));
    if (hidden !== undefined) {
      throw new RangeError(
        `the constant ${hidden} was computed from the symbolic size ` +
          `${sizeName(this.symbols, Math.round(Math.abs(hidden) < 1 ? 1 / hidden : hidden))}; feed it as an input instead`,
      );
    }
    const key = numbers.length <= 8 ? numbers.join(',') : `#${this.counter++}`;
    return this.constant(type, shape, typedArray(type, numbers), key);
  }

  /** Constants of equal type, shape and key are kept once. */
  private constant(type: ElementType, shape: Shape, values: Constant['values'], key: string): string {
    const id = `${type}[${shape.join(',')}]${key}`;
    const known = this.constants.get(id);
    if (known) return known.name;
    const name = `c${this.constants.size}`;
    this.constants.set(id, { ...this.declare(name, type, shape), values });
    return name;
  }

  private declare(name: string, type: ElementType, shape: Shape): TensorType {
    const declared = { name, type, shape: [...shape] };
    this.types.set(name, declared);
    return declared;
  }

  private fresh(): string {
    return `t${this.counter++}`;
  }
}

function typedArray(type: ElementType, numbers: readonly number[]): Constant['values'] {
  if (type === 'float32') return Float32Array.from(numbers);
  if (type === 'int32') return Int32Array.from(numbers);
  return type === 'int64' ? BigInt64Array.from(numbers, BigInt) : Uint8Array.from(numbers);
}
