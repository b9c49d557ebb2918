/**
 * Half-precision numbers: F16 (IEEE 754 binary16) and BF16 (the upper half of a float32) to float32 and back.
 *
 * Reading is exact. Writing rounds to nearest, ties to even, as PyTorch's `.half()` and `.bfloat16()` do.
 * Used by `safetensors-read.ts` and `safetensors-write.ts`.
 */

const scratchFloat = new Float32Array(1);
const scratchBits = new Uint32Array(scratchFloat.buffer);

/** All 65,536 F16 values as float32 bits; made at first use, since most folders hold F32 alone. */
let float16Table: Uint32Array | undefined;

/** Writes F16 values (as their 16 bits) into `target`, which has the same length. */
export function float16ToFloat32(source: Uint16Array, target: Float32Array): void {
  const table = (float16Table ??= makeFloat16Table());
  const bits = new Uint32Array(target.buffer, target.byteOffset, target.length);
  for (let i = 0; i < source.length; i++) bits[i] = table[source[i]!]!;
}

/** Writes BF16 values (as their 16 bits) into `target`, which has the same length. */
export function bfloat16ToFloat32(source: Uint16Array, target: Float32Array): void {
  const bits = new Uint32Array(target.buffer, target.byteOffset, target.length);
  for (let i = 0; i < source.length; i++) bits[i] = source[i]! << 16;
}

/** The F16 bits nearest to each float; beyond ±65,504 they are infinite. */
export function float32ToFloat16(source: Float32Array, target: Uint16Array): void {
  for (let i = 0; i < source.length; i++) target[i] = float16Bits(source[i]!);
}

/** The BF16 bits nearest to each float. */
export function float32ToBfloat16(source: Float32Array, target: Uint16Array): void {
  for (let i = 0; i < source.length; i++) {
    scratchFloat[0] = source[i]!;
    const bits = scratchBits[0]!;
    const isNaN = (bits & 0x7fffffff) > 0x7f800000;
    // Adding just under half of the last kept place carries exactly when rounding up is due.
    target[i] = isNaN ? 0x7fc0 : (bits + 0x7fff + ((bits >>> 16) & 1)) >>> 16;
  }
}

function makeFloat16Table(): Uint32Array {
  const table = new Uint32Array(65_536);
  for (let half = 0; half < 65_536; half++) {
    const sign = (half & 0x8000) === 0 ? 1 : -1;
    const exponent = (half >>> 10) & 31;
    const fraction = half & 1023;
    if (exponent === 31) {
      table[half] = ((half & 0x8000) << 16) | 0x7f800000 | (fraction << 13);
      continue;
    }
    scratchFloat[0] =
      sign * (exponent === 0 ? fraction * 2 ** -24 : (1024 + fraction) * 2 ** (exponent - 25));
    table[half] = scratchBits[0]!;
  }
  return table;
}

function float16Bits(value: number): number {
  scratchFloat[0] = value;
  const bits = scratchBits[0]!;
  const sign = (bits >>> 16) & 0x8000;
  const magnitude = bits & 0x7fffffff;
  if (magnitude > 0x7f800000) return sign | 0x7e00; // not a number
  if (magnitude >= 0x477ff000) return sign | 0x7c00; // 65,520 and more round to infinity
  if (magnitude < 0x38800000) {
    // Subnormal: a multiple of 2^-24. The scaled value is exact in float64, only this rounding is left.
    return sign | roundHalfToEven(Math.abs(value) * 2 ** 24);
  }
  const rounded = magnitude + 0xfff + ((magnitude >>> 13) & 1);
  return sign | ((rounded - 0x38000000) >>> 13);
}

function roundHalfToEven(value: number): number {
  const floor = Math.floor(value);
  const rest = value - floor;
  if (rest !== 0.5) return Math.round(value);
  return floor % 2 === 0 ? floor : floor + 1;
}
