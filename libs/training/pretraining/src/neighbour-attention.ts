/**
 * Initial weights of a new BERT whose attention heads already look at a token's neighbours. A small encoder
 * with the usual noise learns word frequencies and then stands still for very long, because no head knows
 * where the next word is; only these first weights differ, and training is free to leave them.
 *
 * With d the width of a head and f = d/2 frequencies w (geometric from 0.1 to 2.5), the first d of the hidden
 * dimensions carry the place t as cos(w t), sin(w t) (Vaswani et al. 2017, section 3.5). A head that is to
 * look o places further turns its query by w o:
 *
 *   query = s R(w o) x      key = s x      ⟨query_i, key_j⟩ ∝ Σ cos(w (i + o − j)),  largest at j = i + o
 *
 * R being the rotation of each (cos, sin) pair. s makes the score at the wanted place exceed the mean by
 * SHARPNESS.
 */
import { viewOf, type Layout } from '@layerwise/engine';
import { BERT_NAMES, inLayer, type EncoderConfig } from '@layerwise/model';

/** How far each head looks, by layer; heads and layers beyond the table keep their noise. */
const OFFSETS: readonly (readonly number[])[] = [
  [-1, 1, -2, 2],
  [-1, 1],
];
const [SLOWEST, FASTEST] = [0.1, 2.5];
const SHARPNESS = 4;
/** Share of an embedding's squared length that its place takes. */
const PLACE_SHARE = 0.2;
/** What is left of the noise: of words in the dimensions of places, of queries and keys, of token types. */
const [WORD_NOISE, HEAD_NOISE, TYPE_NOISE] = [0.3, 0.3, 0.1];

/** Changes freshly filled `parameters` in place. */
export function lookAtNeighbours(parameters: Float32Array, layout: Layout, config: EncoderConfig): void {
  const { hiddenSize: h, attentionHeads, maximumPositions, vocabularySize, initializerRange } = config;
  const { tables, layer: names } = BERT_NAMES;
  const width = h / attentionHeads;
  const f = Math.floor(width / 2);
  const frequencies = Array.from(
    { length: f },
    (_, i) => SLOWEST * (FASTEST / SLOWEST) ** (f > 1 ? i / (f - 1) : 0),
  );

  const words = viewOf(parameters, layout, tables.words);
  for (let word = 0; word < vocabularySize; word++)
    for (let i = 0; i < 2 * f; i++) words[word * h + i] = words[word * h + i]! * WORD_NOISE;
  const types = viewOf(parameters, layout, tables.types);
  types.forEach((value, i) => (types[i] = value * TYPE_NOISE));
  const amplitude = Math.sqrt(((PLACE_SHARE / (1 - PLACE_SHARE)) * h * initializerRange ** 2) / f);
  const places = viewOf(parameters, layout, tables.positions).fill(0);
  for (let place = 0; place < maximumPositions; place++) {
    frequencies.forEach((frequency, i) => {
      places[place * h + i] = amplitude * Math.cos(frequency * place);
      places[place * h + f + i] = amplitude * Math.sin(frequency * place);
    });
  }

  // After the embeddings' norm a pair (cos, sin) has the squared length PLACE_SHARE · h / f.
  const contrast = frequencies.reduce((sum, frequency) => sum + 1 - Math.cos(frequency), 0);
  const strength = Math.sqrt((SHARPNESS * Math.sqrt(width)) / (contrast * ((PLACE_SHARE * h) / f)));
  OFFSETS.slice(0, config.layers).forEach((offsets, layer) => {
    const matrix = (role: 'query' | 'key'): Float32Array =>
      viewOf(parameters, layout, `${inLayer(names[role], layer)}.weight`);
    const [query, key] = [matrix('query'), matrix('key')];
    offsets.slice(0, attentionHeads).forEach((offset, head) => {
      const first = head * width;
      for (const weight of [query, key])
        for (let i = first * h; i < (first + width) * h; i++) weight[i] = weight[i]! * HEAD_NOISE;
      const add = (weight: Float32Array, row: number, column: number, value: number): void => {
        const place = (first + row) * h + column;
        weight[place] = weight[place]! + strength * value;
      };
      frequencies.forEach((frequency, i) => {
        const [cos, sin] = [Math.cos(frequency * offset), Math.sin(frequency * offset)];
        add(query, i, i, cos);
        add(query, i, f + i, -sin);
        add(query, f + i, i, sin);
        add(query, f + i, f + i, cos);
        add(key, i, i, 1);
        add(key, f + i, f + i, 1);
      });
    });
  });
}
