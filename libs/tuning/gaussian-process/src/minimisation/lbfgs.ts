/**
 * Minimises a smooth function within a box: limited-memory BFGS (Nocedal and Wright 2006, algorithm 7.4) on
 * the coordinates that are free, with steps projected onto the box (Bertsekas 1982) and an Armijo line
 * search.
 *
 * Notation: s the last steps, y the changes of the gradient over them, ρ = 1/(yᵀs).
 */

/** The value at x [d]; its gradient is written into `gradient` [d]. Anything that is not finite is a wall. */
type Differentiable = (x: Float64Array, gradient: Float64Array) => number;

export interface Box {
  /** [d] */
  readonly low: Float64Array;
  /** [d] */
  readonly high: Float64Array;
}

interface LbfgsOptions {
  readonly maxIterations?: number;
  /** Ends when no free coordinate's gradient is larger. */
  readonly gradientTolerance?: number;
  /** Ends when a step gains less than this share of the value. */
  readonly valueTolerance?: number;
}

const HISTORY = 8;
const ARMIJO = 1e-4;

/** A local minimum of `f` in the box, from `start` [d]. */
export function minimiseInBox(
  f: Differentiable,
  start: Float64Array,
  { low, high }: Box,
  { maxIterations = 100, gradientTolerance = 1e-5, valueTolerance = 1e-9 }: LbfgsOptions = {},
): { readonly x: Float64Array; readonly value: number } {
  const d = start.length;
  let x: Float64Array = start.map((value, i) => clamp(value, low[i]!, high[i]!));
  let gradient: Float64Array = new Float64Array(d);
  let value = f(x, gradient);
  const memory: Pair[] = [];
  for (let iteration = 0; iteration < maxIterations && Number.isFinite(value); iteration++) {
    const free = freeCoordinates(x, gradient, low, high);
    if (largest(gradient, free) <= gradientTolerance) break;
    let direction = newtonLike(memory, gradient, free);
    if (dot(direction, gradient) >= 0) {
      memory.length = 0;
      direction = newtonLike(memory, gradient, free);
    }
    // The first step knows no curvature: not longer than a tenth of the box.
    let step = memory.length > 0 ? 1 : Math.min(1, 0.1 / largest(direction, free));
    let moved: { x: Float64Array; value: number; gradient: Float64Array } | null = null;
    for (let trial = 0; trial < 25; trial++, step *= 0.5) {
      const next = x.map((at, i) => clamp(at + step * direction[i]!, low[i]!, high[i]!));
      const nextGradient = new Float64Array(d);
      const nextValue = f(next, nextGradient);
      let decrease = 0;
      for (let i = 0; i < d; i++) decrease += gradient[i]! * (next[i]! - x[i]!);
      if (nextValue <= value + ARMIJO * decrease) {
        moved = { x: next, value: nextValue, gradient: nextGradient };
        break;
      }
    }
    if (!moved) {
      if (memory.length === 0) break;
      memory.length = 0;
      continue;
    }
    remember(memory, x, moved.x, gradient, moved.gradient);
    const gain = value - moved.value;
    ({ x, value, gradient } = moved);
    if (gain <= valueTolerance * (1 + Math.abs(value))) break;
  }
  return { x, value };
}

interface Pair {
  readonly s: Float64Array;
  readonly y: Float64Array;
  readonly rho: number;
}

function remember(
  memory: Pair[],
  from: Float64Array,
  to: Float64Array,
  gradientFrom: Float64Array,
  gradientTo: Float64Array,
): void {
  const s = to.map((value, i) => value - from[i]!);
  const y = gradientTo.map((value, i) => value - gradientFrom[i]!);
  const curvature = dot(s, y);
  if (curvature <= 1e-10 * Math.sqrt(dot(s, s) * dot(y, y))) return;
  memory.push({ s, y, rho: 1 / curvature });
  if (memory.length > HISTORY) memory.shift();
}

/** −H·gradient on the free coordinates, 0 on the others: the two-loop recursion. */
function newtonLike(memory: readonly Pair[], gradient: Float64Array, free: Uint8Array): Float64Array {
  const q = gradient.map((value, i) => (free[i] ? value : 0));
  const alphas: number[] = [];
  for (const { s, y, rho } of memory.toReversed()) {
    const alpha = rho * dot(s, q);
    alphas.push(alpha);
    for (let i = 0; i < q.length; i++) q[i] = q[i]! - alpha * y[i]!;
  }
  const last = memory.at(-1);
  const scale = last ? 1 / (last.rho * dot(last.y, last.y)) : 1;
  for (let i = 0; i < q.length; i++) q[i] = q[i]! * scale;
  memory.forEach(({ s, y, rho }, place) => {
    const beta = rho * dot(y, q);
    const alpha = alphas[memory.length - 1 - place]!;
    for (let i = 0; i < q.length; i++) q[i] = q[i]! + (alpha - beta) * s[i]!;
  });
  return q.map((value, i) => (free[i] ? -value : 0));
}

/** 1 where a coordinate may move downhill without leaving the box. */
function freeCoordinates(
  x: Float64Array,
  gradient: Float64Array,
  low: Float64Array,
  high: Float64Array,
): Uint8Array {
  const free = new Uint8Array(x.length);
  for (let i = 0; i < x.length; i++) {
    const held = (x[i]! <= low[i]! && gradient[i]! > 0) || (x[i]! >= high[i]! && gradient[i]! < 0);
    free[i] = held ? 0 : 1;
  }
  return free;
}

function largest(values: Float64Array, free: Uint8Array): number {
  let most = 0;
  for (let i = 0; i < values.length; i++) if (free[i]) most = Math.max(most, Math.abs(values[i]!));
  return most;
}

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i]! * b[i]!;
  return sum;
}

function clamp(value: number, low: number, high: number): number {
  return Math.min(Math.max(value, low), high);
}
