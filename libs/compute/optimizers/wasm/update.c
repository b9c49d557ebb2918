/*
 * One pass over flat memory for each optimiser step: Adam / AdamW, SGD with momentum, and what gradient clipping
 * and accumulation need. Compiled to update.wasm by tools/wasm/build.mjs; called by ../src/fused.ts; every function
 * equals its plain TypeScript twin in ../test/reference.ts bit for bit, so the order of operations matters here
 * (no contraction, no reassociation).
 *
 * Formulas: Kingma & Ba 2015 (Adam), Loshchilov & Hutter 2019 (AdamW), in the order in which torch.optim computes
 * them. `n` is a multiple of 4; regions start at multiples of 16 bytes. Nothing here uses a stack or static data.
 */
#include <wasm_simd128.h>

#define EXPORT(name) __attribute__((export_name(#name)))
#define UNROLL _Pragma("clang loop unroll_count(4)")

/* Moments of an embedding row that is no longer touched decay for ever; once below the smallest normal float they
 * would slow every later step by a microcode assist. Nothing that small can move a parameter: flush it. */
static inline v128_t flush(v128_t x) {
  return wasm_v128_and(x, wasm_f32x4_ge(wasm_f32x4_abs(x), wasm_f32x4_splat(0x1p-126f)));
}

/*
 * What a quadratic penalty ½ Σ c (p - a)² adds to a gradient: c · (p - a). `anchor` is 0 where there is none (no region
 * starts there), `coefficient` is 0 where c is the same `uniform` number for all; the compiler takes both tests out of
 * the loops.
 */
#define PULL const float *anchor, const float *coefficient, float uniform
static inline v128_t pulled(v128_t gradient, v128_t parameter, int i, PULL) {
  if (!anchor) return gradient;
  const v128_t c = coefficient ? wasm_v128_load(coefficient + i) : wasm_f32x4_splat(uniform);
  return wasm_f32x4_add(gradient, wasm_f32x4_mul(c, wasm_f32x4_sub(parameter, wasm_v128_load(anchor + i))));
}

/*
 * g = (gradient + c · (p - a)) · scale;  p = p · keep;  m = m + (1-β1)(g - m);  v = β2·v + ((1-β2)·g)·g;
 * p = p - (stepSize · m) / (√v / correction + ε)
 *
 * keep = 1 for Adam, 1 - rate · decay for AdamW; stepSize = rate / (1-β1^t); correction = √(1-β2^t).
 */
EXPORT(adam)
void adam(float *parameter, const float *gradient, float *mean, float *variance, int n, PULL, float scale, float keep,
          float one_minus_beta1, float beta2, float one_minus_beta2, float correction, float epsilon,
          float step_size) {
  const v128_t SCALE = wasm_f32x4_splat(scale), KEEP = wasm_f32x4_splat(keep);
  const v128_t W1 = wasm_f32x4_splat(one_minus_beta1);
  const v128_t B2 = wasm_f32x4_splat(beta2), W2 = wasm_f32x4_splat(one_minus_beta2);
  const v128_t ROOT = wasm_f32x4_splat(correction), EPSILON = wasm_f32x4_splat(epsilon);
  const v128_t STEP = wasm_f32x4_splat(step_size);
  UNROLL
  for (int i = 0; i < n; i += 4) {
    const v128_t old = wasm_v128_load(parameter + i);
    const v128_t g = wasm_f32x4_mul(pulled(wasm_v128_load(gradient + i), old, i, anchor, coefficient, uniform), SCALE);
    v128_t m = wasm_v128_load(mean + i), v = wasm_v128_load(variance + i);
    m = flush(wasm_f32x4_add(m, wasm_f32x4_mul(W1, wasm_f32x4_sub(g, m))));
    v = flush(wasm_f32x4_add(wasm_f32x4_mul(B2, v), wasm_f32x4_mul(wasm_f32x4_mul(W2, g), g)));
    wasm_v128_store(mean + i, m);
    wasm_v128_store(variance + i, v);
    const v128_t denominator = wasm_f32x4_add(wasm_f32x4_div(wasm_f32x4_sqrt(v), ROOT), EPSILON);
    const v128_t p = wasm_f32x4_mul(old, KEEP);
    wasm_v128_store(parameter + i, wasm_f32x4_sub(p, wasm_f32x4_div(wasm_f32x4_mul(STEP, m), denominator)));
  }
}

/* b = μ·b + (gradient + c · (p - a)) · scale;  p = p - rate · b.  A buffer of zeros makes the first step b = g, as torch does. */
EXPORT(sgd)
void sgd(float *parameter, const float *gradient, float *buffer, int n, PULL, float scale, float momentum,
         float rate) {
  const v128_t SCALE = wasm_f32x4_splat(scale), MOMENTUM = wasm_f32x4_splat(momentum);
  const v128_t RATE = wasm_f32x4_splat(rate);
  UNROLL
  for (int i = 0; i < n; i += 4) {
    const v128_t p = wasm_v128_load(parameter + i);
    const v128_t g = wasm_f32x4_mul(pulled(wasm_v128_load(gradient + i), p, i, anchor, coefficient, uniform), SCALE);
    const v128_t b = flush(wasm_f32x4_add(wasm_f32x4_mul(MOMENTUM, wasm_v128_load(buffer + i)), g));
    wasm_v128_store(buffer + i, b);
    wasm_v128_store(parameter + i, wasm_f32x4_sub(p, wasm_f32x4_mul(RATE, b)));
  }
}

/*
 * Σ x² in double precision, x = gradient + c · (p - a), in four partial sums (x[i] goes to sum i mod 4):
 * s0 + s2 + (s1 + s3).
 */
EXPORT(sum_of_squares)
double sum_of_squares(const float *parameter, const float *gradient, int n, PULL) {
  v128_t low = wasm_f64x2_splat(0), high = low;
  UNROLL
  for (int i = 0; i < n; i += 4) {
    const v128_t four = pulled(wasm_v128_load(gradient + i), wasm_v128_load(parameter + i), i, anchor, coefficient, uniform);
    const v128_t a = wasm_f64x2_promote_low_f32x4(four);
    const v128_t b = wasm_f64x2_promote_low_f32x4(wasm_i64x2_shuffle(four, four, 1, 1));
    low = wasm_f64x2_add(low, wasm_f64x2_mul(a, a));
    high = wasm_f64x2_add(high, wasm_f64x2_mul(b, b));
  }
  const v128_t sum = wasm_f64x2_add(low, high);
  return wasm_f64x2_extract_lane(sum, 0) + wasm_f64x2_extract_lane(sum, 1);
}

/* sum = sum + x */
EXPORT(accumulate)
void accumulate(float *sum, const float *x, int n) {
  UNROLL
  for (int i = 0; i < n; i += 4)
    wasm_v128_store(sum + i, wasm_f32x4_add(wasm_v128_load(sum + i), wasm_v128_load(x + i)));
}

/* sum = sum + x² */
EXPORT(accumulate_squares)
void accumulate_squares(float *sum, const float *x, int n) {
  UNROLL
  for (int i = 0; i < n; i += 4) {
    const v128_t four = wasm_v128_load(x + i);
    wasm_v128_store(sum + i, wasm_f32x4_add(wasm_v128_load(sum + i), wasm_f32x4_mul(four, four)));
  }
}
