// Rates by depth, against powers and zeros written down by hand.
import { InputError } from '@layerwise/errors';
import { describe, expect, it } from 'vitest';
import { decayedRates, frozenRates, groupDepths } from './depth-rates.js';
import { layerGrouping, paperGrouping } from './layer-groups.js';
import { parsePatternGroups } from './pattern-groups.js';

const FOUR = paperGrouping(4);
const RATES = [1, null, 2, null, 3, null, 4, null, 5, 6];

describe('a decay', () => {
  it('multiplies the rate by its factor once a layer below the head', () => {
    expect(decayedRates(8, 0.5, layerGrouping(3), 3)).toEqual([0.5, 1, 2, 4, 8]);
  });

  it('leaves groups that hold nothing without a rate', () => {
    const rates = decayedRates(32, 0.5, FOUR, 4);
    expect(rates).toEqual([1, null, 2, null, 4, null, 8, null, 16, 32]);
  });

  it('takes the mean depth of a group with several layers', () => {
    // Of twelve layers part 2 holds the second and the third: 11 and 10 below the head.
    expect(groupDepths(paperGrouping(12), 12).slice(0, 4)).toEqual([13, 12, 10.5, 9]);
  });
});

describe('freezing', () => {
  it('gives every group but the head the rate 0', () => {
    expect(frozenRates(RATES, null, FOUR, 4)).toEqual([0, null, 0, null, 0, null, 0, null, 0, 6]);
  });

  it('or the embeddings and the lowest layers alone', () => {
    expect(frozenRates(RATES, 2, FOUR, 4)).toEqual([0, null, 0, null, 0, null, 4, null, 5, 6]);
    expect(frozenRates(RATES, 0, FOUR, 4)).toEqual([0, null, 2, null, 3, null, 4, null, 5, 6]);
  });

  it('refuses to cut through a group, and more layers than there are', () => {
    const rates = paperGrouping(12).groups.map(() => 1);
    expect(() => frozenRates(rates, 2, paperGrouping(12), 12)).toThrow(InputError);
    expect(frozenRates(rates, 3, paperGrouping(12), 12).slice(0, 4)).toEqual([0, 0, 0, 1]);
    expect(() => frozenRates(RATES, 5, FOUR, 4)).toThrow(/the encoder has 4/);
  });
});

it('groups of patterns have no depth', () => {
  const groups = parsePatternGroups('[{name: all, patterns: ["*"]}]', 'groups.yaml');
  expect(() => groupDepths(groups, 4)).toThrow(/made by patterns/);
});
