/**
 * Heads that look at neighbours: the attention that the first weights give, computed by hand from the formula
 * of BERT.
 */
import { viewOf } from '@layerwise/engine';
import { expect, it } from 'vitest';
import { preparePretraining, type NewEncoder } from '../src/index.js';
import { temporaryFolder, tinyCorpus, tinySettings, tinySizes } from './tiny-corpus.js';

const sizes: NewEncoder = { ...tinySizes, hidden: 128, heads: 4, layers: 1 };
const [WIDTH, LENGTH, H] = [32, 16, 128];

/** For each head and offset, the mean share of attention that a place gives to the place so much further. */
async function attention(neighbours: boolean): Promise<(head: number, offset: number) => number> {
  const start = { kind: 'new', sizes: { ...sizes, neighbours } } as const;
  const { state } = await preparePretraining(tinyCorpus(), start, tinySettings, temporaryFolder());
  const read = (name: string): Float32Array => viewOf(state.parameters.floats, state.plan.layout, name);
  const [words, places, types] = ['word', 'position', 'token_type'].map((table) =>
    read(`embeddings.${table}_embeddings.weight`),
  );
  const rows = Array.from({ length: LENGTH }, (_, place) => {
    const word = 5 + ((place * 11) % 40);
    const sum = Array.from(
      { length: H },
      (_, i) => Number(words?.[word * H + i]) + Number(places?.[place * H + i]) + Number(types?.[i]),
    );
    const mean = sum.reduce((a, b) => a + b, 0) / H;
    const deviation = Math.sqrt(sum.reduce((a, b) => a + (b - mean) ** 2, 0) / H);
    return sum.map((value) => (value - mean) / deviation);
  });
  const projected = (role: string, row: readonly number[], head: number): number[] => {
    const weight = read(`encoder.layer.0.attention.self.${role}.weight`);
    return Array.from({ length: WIDTH }, (_, out) =>
      row.reduce((sum, value, i) => sum + value * Number(weight[(head * WIDTH + out) * H + i]), 0),
    );
  };
  return (head, offset) => {
    const keys = rows.map((row) => projected('key', row, head));
    let [sum, count] = [0, 0];
    rows.forEach((row, place) => {
      const wanted = place + offset;
      if (wanted < 0 || wanted >= LENGTH) return;
      const query = projected('query', row, head);
      const scores = keys.map((key) =>
        Math.exp(key.reduce((s, k, i) => s + k * Number(query[i]), 0) / Math.sqrt(WIDTH)),
      );
      sum += Number(scores[wanted]) / scores.reduce((a, b) => a + b, 0);
      count++;
    });
    return sum / count;
  };
}

it('each head of the first layer looks at its neighbour', async () => {
  const share = await attention(true);
  [-1, 1, -2, 2].forEach((offset, head) => {
    expect(share(head, offset), `head ${head}`).toBeGreaterThan(0.3);
    // And not at the one on the other side.
    expect(share(head, -offset)).toBeLessThan(0.1);
  });
});

it('noise alone looks everywhere alike', async () => {
  const share = await attention(false);
  [-1, 1, -2, 2].forEach((offset, head) => {
    expect(Math.abs(share(head, offset) - 1 / LENGTH)).toBeLessThan(0.02);
  });
});
