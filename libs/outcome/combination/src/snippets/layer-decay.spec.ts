/** Rates on another depth, and the nearest layer-wise decay: by hand. */
import { describe, expect, it } from 'vitest';
import { InputError } from '@layerwise/errors';
import { fingerprinted, layerGrouping, paperGrouping, type Grouping } from '@layerwise/optimizers';
import { fitLayerDecay, ratesAtDepth } from '../index.js';

const ten = Array.from({ length: 10 }, (_, group) => Number(`${group + 1}e-6`));

describe('rates on another depth', () => {
  it("follow the paper's shares of it", () => {
    const { grouping, rates, layers } = ratesAtDepth({ grouping: paperGrouping(12), rates: ten }, 4);
    expect(layers).toBe(4);
    expect(grouping).toEqual(paperGrouping(4));
    // Parts 2, 4, 6 and 8 hold a layer each.
    expect(rates).toEqual([1e-6, null, 3e-6, null, 5e-6, null, 7e-6, null, 9e-6, 10e-6]);
    expect(rates.map((rate) => rate === null)).toEqual(
      paperGrouping(4).groups.map(({ parts }) => parts.length === 0),
    );
  });

  it('stay where no other is asked for, empty groups without one', () => {
    const grouping = paperGrouping(4);
    const rates = [1e-6, 2e-6, 3e-6, 4e-6, 5e-6, 6e-6];
    const grouped = ratesAtDepth({ grouping, rates });
    expect(grouped).toEqual(ratesAtDepth({ grouping, rates }, 4));
    expect(grouped.rates.filter((rate) => rate !== null)).toEqual(rates);
    expect(grouped.layers).toBe(4);
  });

  it('are refused where they do not carry over', () => {
    const refused = (grouping: Grouping, rates: number[], layers: number) => () =>
      ratesAtDepth({ grouping, rates }, layers);
    const layerwise = refused(layerGrouping(2), [1, 2, 3, 4], 3);
    expect(layerwise).toThrow(InputError);
    expect(layerwise).toThrow('--layers 3: the rates are of the grouping layers of 2 layers');
    const patterns = fingerprinted('patterns', [{ name: 'all', parts: [], patterns: ['*'] }]);
    expect(refused(patterns, [1], 3)).toThrow('the rates are of the grouping patterns, and only');
    expect(refused(paperGrouping(4), [1, 2, 3, 4, 5, 6], 12)).toThrow(
      'the trials trained an encoder of 4 layers, which has no rate for "part 1"',
    );
  });
});

describe('the nearest decay', () => {
  it('is the one that made the rates', () => {
    const layers = 5;
    const rates = Array.from({ length: layers + 2 }, (_, unit) => 3e-5 * 0.8 ** (layers + 1 - unit));
    const decay = fitLayerDecay(ratesAtDepth({ grouping: layerGrouping(layers), rates }));
    expect(decay?.rate).toBeCloseTo(3e-5, 12);
    expect(decay?.decay).toBeCloseTo(0.8, 10);
    expect(decay?.layers).toBe(layers);
    expect(decay?.misfit.largest).toBeCloseTo(1, 9);
  });

  it('is the line through logarithms, one point a unit, with its misfit', () => {
    // Embeddings, one layer, head: exponents -5, -7, -5. The mean is -17/3, the slope 0, the misses 2/3, 4/3,
    // 2/3.
    const decay = fitLayerDecay(ratesAtDepth({ grouping: layerGrouping(1), rates: [1e-5, 1e-7, 1e-5] }));
    expect(decay?.decay).toBeCloseTo(1, 10);
    expect(Math.log10(decay?.rate ?? NaN)).toBeCloseTo(-17 / 3, 10);
    expect(Math.log10(decay?.misfit.largest ?? NaN)).toBeCloseTo(4 / 3, 10);
    expect(Math.log10(decay?.misfit.typical ?? NaN)).toBeCloseTo(Math.sqrt((4 / 9 + 16 / 9 + 4 / 9) / 3), 10);
  });

  it('counts layers of one group each', () => {
    // Part 1 of twelve layers rounded up holds two layers, part 2 one.
    const flat = ratesAtDepth({ grouping: paperGrouping(12, 'paper-ceil'), rates: [...ten] });
    const byUnit = [1, 2, 2, 3, 4, 4, 5, 6, 6, 7, 8, 8, 9, 10].map((rate) => Number(`${rate}e-6`));
    const alone = ratesAtDepth({ grouping: layerGrouping(12), rates: byUnit });
    expect(fitLayerDecay(flat)).toEqual(fitLayerDecay(alone));
  });

  it('is none of patterns', () => {
    const grouping = fingerprinted('patterns', [{ name: 'all', parts: [], patterns: ['*'] }]);
    expect(fitLayerDecay(ratesAtDepth({ grouping, rates: [1e-5] }))).toBeNull();
  });
});
