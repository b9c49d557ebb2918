/*
 * Embedding lookup outside the graph: rows of a table [rows, width] by index, and the transpose. Compiled to rows.wasm
 * by tools/wasm/build.mjs; called by ../src/rows.ts, whose plain TypeScript twin it equals bit for bit. Gradient rows
 * are added in the order in which they come, so a sum does not depend on anything but its input.
 *
 * `at` holds one row index for each of `count` rows; any width, fastest for multiples of 4. Indices were checked.
 */
#include <wasm_simd128.h>

#define EXPORT(name) __attribute__((export_name(#name)))
#define TAIL _Pragma("clang loop vectorize(disable) unroll(disable)")

static inline void add_row(float *restrict to, const float *restrict from, unsigned width) {
  unsigned j = 0;
  for (; j + 4 <= width; j += 4)
    wasm_v128_store(to + j, wasm_f32x4_add(wasm_v128_load(to + j), wasm_v128_load(from + j)));
  TAIL for (; j < width; j++) to[j] += from[j];
}

/* out[r] = table[at[r]] */
EXPORT(gather_rows)
void gather_rows(float *out, const float *table, const unsigned *at, unsigned count, unsigned width) {
  for (unsigned r = 0; r < count; r++) {
    const float *restrict from = table + at[r] * width;
    float *restrict to = out + r * width;
    unsigned j = 0;
    for (; j + 4 <= width; j += 4) wasm_v128_store(to + j, wasm_v128_load(from + j));
    TAIL for (; j < width; j++) to[j] = from[j];
  }
}

/* out[r] = out[r] + table[at[r]] */
EXPORT(add_rows)
void add_rows(float *out, const float *table, const unsigned *at, unsigned count, unsigned width) {
  for (unsigned r = 0; r < count; r++) add_row(out + r * width, table + at[r] * width, width);
}

/* table[at[r]] = table[at[r]] + rows[r], r = 0, 1, 2, … */
EXPORT(scatter_add_rows)
void scatter_add_rows(float *table, const float *rows, const unsigned *at, unsigned count, unsigned width) {
  for (unsigned r = 0; r < count; r++) add_row(table + at[r] * width, rows + r * width, width);
}

/* table[at[r]] = 0 */
EXPORT(zero_rows)
void zero_rows(float *table, const unsigned *at, unsigned count, unsigned width) {
  const v128_t zero = wasm_f32x4_splat(0);
  for (unsigned r = 0; r < count; r++) {
    float *to = table + at[r] * width;
    unsigned j = 0;
    for (; j + 4 <= width; j += 4) wasm_v128_store(to + j, zero);
    TAIL for (; j < width; j++) to[j] = 0;
  }
}
