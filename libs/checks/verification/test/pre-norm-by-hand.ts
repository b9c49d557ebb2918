/**
 * The family of `pre-norm.ts` computed by hand, text by text, in float64: hidden states, and the loss of a
 * dense head on the first token.
 */
import type { EncoderConfig } from '@layerwise/model';
import { angle, WINDOW } from './pre-norm.js';

type Vector = number[];
/** Weights by name, flat. */
export type Weights = Readonly<Record<string, Float64Array>>;

const sum = (values: Vector): number => values.reduce((a, b) => a + b, 0);
const plus = (a: Vector, b: Vector): Vector => a.map((value, i) => value + b[i]!);

/** Mean cross-entropy of `labels` for `texts` of token ids. */
export function lossByHand(
  config: EncoderConfig,
  weights: Weights,
  texts: readonly (readonly number[])[],
  labels: readonly number[],
): number {
  const losses = texts.map((text, i) => {
    const logits = dense(weights, 'head', encodeByHand(config, weights, text)[0]!);
    return Math.log(sum(logits.map(Math.exp))) - logits[labels[i]!]!;
  });
  return sum(losses) / texts.length;
}

/** The last hidden states of one text: [tokens][hidden]. */
export function encodeByHand(config: EncoderConfig, weights: Weights, text: readonly number[]): Vector[] {
  const { hiddenSize, attentionHeads, layers } = config;
  const width = hiddenSize / attentionHeads;
  const table = weights['words.weight']!;
  let x = text.map((id) => [...table.subarray(id * hiddenSize, (id + 1) * hiddenSize)]);
  for (let layer = 0; layer < layers; layer++) {
    const name = (part: string): string => `blocks.${layer}.${part}`;
    const normed = x.map((row) => norm(config, weights, name('norm_attention'), row));
    const turned = (part: string): Vector[] =>
      normed.map((row, place) => turn(config, dense(weights, name(part), row), place));
    const [queries, keys] = [turned('query'), turned('key')];
    const values = normed.map((row) => dense(weights, name('value'), row));
    x = x.map((row, place) => {
      const mixed = new Array<number>(hiddenSize).fill(0);
      for (let head = 0; head < attentionHeads; head++) {
        const columns = Array.from({ length: width }, (_, i) => head * width + i);
        const scores = keys.map((key, other) =>
          Math.abs(other - place) > WINDOW
            ? -Infinity
            : sum(columns.map((c) => queries[place]![c]! * key[c]!)) / Math.sqrt(width),
        );
        const exponentials = scores.map(Math.exp);
        const total = sum(exponentials);
        for (const c of columns)
          mixed[c] = sum(exponentials.map((value, other) => (value / total) * values[other]![c]!));
      }
      const middle = plus(row, dense(weights, name('mixed'), mixed));
      const up = dense(weights, name('up'), norm(config, weights, name('norm_inner'), middle));
      const inner = up.map((value) => value / (1 + Math.exp(-value)));
      return plus(middle, dense(weights, name('down'), inner));
    });
  }
  return x.map((row) => norm(config, weights, 'last_norm', row));
}

function norm({ layerNormEpsilon }: EncoderConfig, weights: Weights, name: string, row: Vector): Vector {
  const mean = sum(row) / row.length;
  const variance = sum(row.map((value) => (value - mean) ** 2)) / row.length;
  const [gain, shift] = [weights[`${name}.weight`]!, weights[`${name}.bias`]!];
  return row.map((x, i) => ((x - mean) / Math.sqrt(variance + layerNormEpsilon)) * gain[i]! + shift[i]!);
}

function dense(weights: Weights, name: string, row: Vector): Vector {
  const [weight, bias] = [weights[`${name}.weight`]!, weights[`${name}.bias`]!];
  return Array.from(bias, (shift, out) => shift + sum(row.map((x, i) => x * weight[out * row.length + i]!)));
}

/** Each pair (i, i + half) of a head turned by its angle at this place. */
function turn(config: EncoderConfig, row: Vector, place: number): Vector {
  const width = config.hiddenSize / config.attentionHeads;
  const half = width / 2;
  return row.map((value, c) => {
    const i = c % width;
    const radians = angle(config, place, i);
    const partner = i < half ? -row[c + half]! : row[c - half]!;
    return value * Math.cos(radians) + partner * Math.sin(radians);
  });
}
