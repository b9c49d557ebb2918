// The tiny BERT on every engine that is here: tokens, hidden states, logits, gradients and five updates by
// PyTorch.
import { describe, expect, it } from 'vitest';
import type { VerifyOptions } from '../src/verify.js';
import { beyondTolerance, verifyFixture } from '../src/index.js';
import { changedFixture, fixturesOn } from './fixtures-on-engine.js';

fixturesOn('onnxruntime');
fixturesOn('tfjs-cpu');
fixturesOn('tfjs-wasm');
fixturesOn('tfjs-node');

describe('a verification finds', () => {
  const options: VerifyOptions = { engine: 'onnxruntime', provider: 'cpu', threads: 1 };

  it('another epsilon in the norms', async () => {
    const folder = changedFixture('config.json', (config) => ({
      ...(config as object),
      layer_norm_eps: 1e-3,
    }));
    expect(beyondTolerance(await verifyFixture(folder, options))).toEqual(
      expect.arrayContaining([
        'hidden',
        'logits',
        'loss',
        'gradients',
        'updates',
        'mlmLoss',
        'mlmGradients',
        'fisher',
      ]),
    );
  });

  it('another number of heads, though every shape fits', async () => {
    const folder = changedFixture('config.json', (config) => {
      const { num_attention_heads: heads } = config as { num_attention_heads: number };
      return { ...(config as object), num_attention_heads: heads === 2 ? 4 : 2 };
    });
    expect(beyondTolerance(await verifyFixture(folder, options))).toContain('hidden');
  });

  it('other rates', async () => {
    const folder = changedFixture('expected.json', (expected) => {
      const { learning_rates: rates } = expected as { learning_rates: number[] };
      return { ...(expected as object), learning_rates: rates.map((rate) => rate * 1.1) };
    });
    expect(beyondTolerance(await verifyFixture(folder, options))).toEqual(['updates', 'worstUpdate']);
  });

  it('a text with other tokens', async () => {
    const folder = changedFixture('expected-tokens.json', (rows) =>
      (rows as { ids: number[] }[]).map((row, place) =>
        place === 3 ? { ...row, ids: [...row.ids, 1] } : row,
      ),
    );
    const verification = await verifyFixture(folder, options);
    expect(verification.tokensWrong).toBe(1);
    expect(beyondTolerance(verification)).toEqual(['tokensWrong']);
  });
});
