/**
 * Sizes that are known only when a batch is there (its rows, its longest text, its tokens).
 *
 * tfjs knows numbers alone, so a graph is recorded once with a large prime in the place of each such size.
 * Any dimension of the recorded graph then factorises uniquely into a constant and symbols, and the compiled
 * graph takes every size. A number that hides a symbol elsewhere (a mean's divisor, say) is found the same
 * way.
 */

/** A size: a number, a name (`tokens`) or a product of both (`2*length*texts`). */
export type Dimension = number | string;

/** The prime that stands for each symbol while recording. */
export type Symbols = ReadonlyMap<string, number>;

/** `constant · Π symbols`, the factors of a recorded size. */
export interface SizeExpression {
  readonly constant: number;
  readonly symbols: readonly string[];
}

/** Primes above most sizes that a model has; `symbolsOf` refuses a model with a multiple of one. */
const PRIMES = [100_003, 100_019, 100_043, 100_049, 100_057, 100_069] as const;

/** Gives every symbol of these shapes a prime, in order of appearance. */
export function symbolsOf(shapes: readonly (readonly Dimension[])[]): Symbols {
  const primes = new Map<string, number>();
  for (const dimension of shapes.flat().flatMap(factors)) {
    if (typeof dimension === 'number' || primes.has(dimension)) continue;
    const prime = PRIMES[primes.size];
    if (prime === undefined)
      throw new RangeError(`a program may have ${PRIMES.length} symbolic sizes at most`);
    primes.set(dimension, prime);
  }
  for (const size of shapes.flat()) {
    if (typeof size === 'number' && size !== 0 && [...primes.values()].some((prime) => size % prime === 0)) {
      throw new RangeError(`a fixed size of ${size} can't be told from a symbolic one`);
    }
  }
  return primes;
}

/** The shape with which a tensor of these dimensions is recorded. */
export function recordedShape(symbols: Symbols, dimensions: readonly Dimension[]): number[] {
  const sizeOf = (factor: Dimension): number => (typeof factor === 'number' ? factor : symbols.get(factor)!);
  return dimensions.map((dimension) =>
    factors(dimension).reduce<number>((product, factor) => product * sizeOf(factor), 1),
  );
}

function factors(dimension: Dimension): Dimension[] {
  if (typeof dimension === 'number') return [dimension];
  return dimension.split('*').map((factor) => (/^\d+$/.test(factor) ? Number(factor) : factor));
}

/** Factorises a recorded size, exactly below 2^53: two symbols and a constant of 900,000. */
export function factorise(symbols: Symbols, size: number): SizeExpression {
  let constant = size;
  const found: string[] = [];
  for (const [symbol, prime] of symbols) {
    while (constant !== 0 && constant % prime === 0) {
      constant /= prime;
      found.push(symbol);
    }
  }
  return { constant, symbols: found };
}

export function isSymbolic(symbols: Symbols, size: number): boolean {
  return factorise(symbols, size).symbols.length > 0;
}

/** Whether a recorded constant was computed from a symbolic size, as the divisor of a mean is. */
export function hidesSymbol(symbols: Symbols, value: number): boolean {
  if (!Number.isFinite(value) || value === 0) return false;
  const whole = Math.abs(value) >= 1 ? value : 1 / value;
  // A reciprocal comes back from float32 with an error; a multiple of a prime within that error counts.
  return [...symbols.values()].some((prime) => {
    const multiple = Math.round(whole / prime);
    return (
      multiple !== 0 &&
      Math.abs(whole / prime - multiple) < 2e-7 * Math.abs(multiple) &&
      Math.abs(multiple) < 10_000
    );
  });
}

/** How far beside a multiple of a prime, and of how small a one, a size counts as computed from it. */
const [NEAR, SMALL] = [1000, 16];

/**
 * The symbol from which a size was computed by adding or taking away (a slice, a padding); null where there
 * is none. Such a size is no product, so the compiled graph could not follow it.
 */
export function shiftedSymbol(symbols: Symbols, size: number): string | null {
  if (isSymbolic(symbols, size)) return null;
  for (const [symbol, prime] of symbols) {
    const multiple = Math.round(size / prime);
    if (multiple > 0 && multiple <= SMALL && Math.abs(size - multiple * prime) <= NEAR) return symbol;
  }
  return null;
}

/** @throws RangeError for a size that only the recording has; sizes of `inputs` are what they say. */
export function refuseShifted(
  symbols: Symbols,
  shape: readonly number[],
  inputs: readonly { readonly shape: readonly number[] }[],
): void {
  for (const size of shape) {
    const symbol = shiftedSymbol(symbols, size);
    if (symbol === null || inputs.some((input) => input.shape.includes(size))) continue;
    throw new RangeError(
      `the size ${size} was computed from the symbolic size ${symbol} by adding; only its multiples can be recorded`,
    );
  }
}

/** How a recorded size is written in a shape: `16`, `tokens`, `4·rows·length`. */
export function sizeName(symbols: Symbols, size: number): string {
  const { constant, symbols: found } = factorise(symbols, size);
  if (found.length === 0) return String(constant);
  return (constant === 1 ? found : [String(constant), ...found]).join('·');
}
