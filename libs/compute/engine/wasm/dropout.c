/*
 * Dropout masks from a counter: float i of a mask is a function of the key and i alone, so a run that is continued
 * finds the masks it would have had. Compiled to dropout.wasm by tools/wasm/build.mjs; called by ../src/dropout.ts,
 * whose plain TypeScript twin it equals bit for bit.
 *
 * Two rounds of a 32-bit finaliser (the least biased one of its form known: hash-prospector, Chris Wellons), the first
 * half of a 64-bit key mixed in before the first round and the second half before the second: with one round, two keys
 * would give shifted windows of one sequence.
 */
#include <wasm_simd128.h>

#define EXPORT(name) __attribute__((export_name(#name)))

static inline v128_t finalise(v128_t x) {
  x = wasm_v128_xor(x, wasm_u32x4_shr(x, 16));
  x = wasm_i32x4_mul(x, wasm_i32x4_splat(0x21f0aaad));
  x = wasm_v128_xor(x, wasm_u32x4_shr(x, 15));
  x = wasm_i32x4_mul(x, wasm_i32x4_splat((int)0xd35a2d97));
  return wasm_v128_xor(x, wasm_u32x4_shr(x, 15));
}

static inline v128_t four(v128_t counter, v128_t key0, v128_t key1, v128_t threshold, v128_t value) {
  const v128_t bits = finalise(wasm_i32x4_add(finalise(wasm_v128_xor(counter, key0)), key1));
  return wasm_v128_and(wasm_u32x4_ge(bits, threshold), value);
}

/* mask[i] = 0 where the hash of i is below `threshold` (rate · 2^32), else `value`. Any n. */
EXPORT(fill_mask)
void fill_mask(float *mask, unsigned n, unsigned key0, unsigned key1, unsigned threshold, float value) {
  const v128_t KEY0 = wasm_i32x4_splat((int)key0), KEY1 = wasm_i32x4_splat((int)key1);
  const v128_t THRESHOLD = wasm_i32x4_splat((int)threshold), VALUE = wasm_f32x4_splat(value);
  v128_t counter = wasm_i32x4_make(0, 1, 2, 3);
  unsigned i = 0;
  for (; i + 16 <= n; i += 16) {
    const v128_t c1 = wasm_i32x4_add(counter, wasm_i32x4_splat(4));
    const v128_t c2 = wasm_i32x4_add(counter, wasm_i32x4_splat(8));
    const v128_t c3 = wasm_i32x4_add(counter, wasm_i32x4_splat(12));
    wasm_v128_store(mask + i, four(counter, KEY0, KEY1, THRESHOLD, VALUE));
    wasm_v128_store(mask + i + 4, four(c1, KEY0, KEY1, THRESHOLD, VALUE));
    wasm_v128_store(mask + i + 8, four(c2, KEY0, KEY1, THRESHOLD, VALUE));
    wasm_v128_store(mask + i + 12, four(c3, KEY0, KEY1, THRESHOLD, VALUE));
    counter = wasm_i32x4_add(counter, wasm_i32x4_splat(16));
  }
  for (; i < n; i += 4) {
    const v128_t last = four(counter, KEY0, KEY1, THRESHOLD, VALUE);
    if (i + 4 <= n) {
      wasm_v128_store(mask + i, last);
    } else {
      mask[i] = wasm_f32x4_extract_lane(last, 0);
      if (i + 1 < n) mask[i + 1] = wasm_f32x4_extract_lane(last, 1);
      if (i + 2 < n) mask[i + 2] = wasm_f32x4_extract_lane(last, 2);
    }
    counter = wasm_i32x4_add(counter, wasm_i32x4_splat(4));
  }
}
