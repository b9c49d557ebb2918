import { describe, expect, it } from 'vitest';
import { configOf } from '../../test/packed-bert.js';
import { dropoutSites } from './dropout-sites.js';

const config = { ...configOf(2), hiddenDropout: 0.1, attentionDropout: 0.2 };
const { hiddenSize, attentionHeads } = config;

describe('dropout sites', () => {
  it('are the places of BERT in order, the last layer on first rows alone', () => {
    expect(
      dropoutSites(config, 0.3, true).map(({ name, shape, rate }) => [name, shape.join(' '), rate]),
    ).toEqual([
      ['dropout.embeddings', `tokens ${hiddenSize}`, 0.1],
      ['dropout.layer.0.probabilities', `texts ${attentionHeads} length length`, 0.2],
      ['dropout.layer.0.attention', `tokens ${hiddenSize}`, 0.1],
      ['dropout.layer.0.output', `tokens ${hiddenSize}`, 0.1],
      ['dropout.layer.1.probabilities', `texts ${attentionHeads} 1 length`, 0.2],
      ['dropout.layer.1.attention', `texts ${hiddenSize}`, 0.1],
      ['dropout.layer.1.output', `texts ${hiddenSize}`, 0.1],
      ['dropout.head', `texts ${hiddenSize}`, 0.3],
    ]);
  });

  it('see all rows in the last layer when all are computed', () => {
    const shapes = dropoutSites(config, 0.3, false)
      .filter(({ name }) => name.startsWith('dropout.layer.1.'))
      .map(({ shape }) => shape.join(' '));
    expect(shapes).toEqual([
      `texts ${attentionHeads} length length`,
      `tokens ${hiddenSize}`,
      `tokens ${hiddenSize}`,
    ]);
  });

  it('are only those that drop something', () => {
    expect(dropoutSites({ ...config, hiddenDropout: 0, attentionDropout: 0 }, 0, true)).toEqual([]);
    const names = dropoutSites({ ...config, hiddenDropout: 0 }, 0, true).map(({ name }) => name);
    expect(names).toEqual(['dropout.layer.0.probabilities', 'dropout.layer.1.probabilities']);
  });
});
