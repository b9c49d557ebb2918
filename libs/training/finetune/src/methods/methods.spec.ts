// What each method makes of the settings of plain training; what its pieces then do is tested where they are.
import { InputError } from '@layerwise/errors';
import { describe, expect, it } from 'vitest';
import { SETTINGS } from '../../test/tiny-run.js';
import { METHOD_NAMES } from '../options.js';
import { withMethod } from './methods.js';
import { phaseRates } from '../phases/phase-rates.js';

const FLAT = { ...SETTINGS, rates: SETTINGS.rates.map((rate) => rate && 1e-3) };

describe('flat', () => {
  it('is plain training under its name', () => {
    expect(withMethod(FLAT, 'flat', {}, 4)).toEqual({ ...FLAT, method: { name: 'flat' } });
  });

  it('refuses several rates', () => {
    expect(() => withMethod(SETTINGS, 'flat', {}, 4)).toThrow(InputError);
  });
});

describe('decay', () => {
  it('falls by its factor a layer', () => {
    const { rates } = withMethod(FLAT, 'decay', { decayFactor: 0.5 }, 4);
    const powers = [5, null, 4, null, 3, null, 2, null, 1, 0];
    expect(rates).toEqual(powers.map((power) => (power === null ? null : 1e-3 * 0.5 ** power)));
  });

  it('refuses several rates', () => {
    expect(() => withMethod(SETTINGS, 'decay', {}, 4)).toThrow(/--method decay/);
  });
});

describe('freeze', () => {
  it('leaves the head its rate, and layers above the frozen ones', () => {
    const { rates } = SETTINGS;
    expect(withMethod(SETTINGS, 'freeze', {}, 4).rates.filter((rate) => rate !== null && rate > 0)).toEqual([
      rates[9],
    ]);
    expect(withMethod(SETTINGS, 'freeze', { freezeLayers: 3 }, 4).rates.slice(8)).toEqual(rates.slice(8));
  });
});

describe('methods with pieces', () => {
  it('ulmfit divides the rate by 2.6 a layer, slants it and unfreezes one group an epoch', () => {
    const settings = withMethod(FLAT, 'ulmfit', {}, 4);
    const { rates, method } = settings;
    // The head's, of 40 steps: from 1/32 up in a tenth of them, half way down at 22.
    const headAt = (step: number): number => phaseRates(settings, 0, step, 40)[9]!;
    for (const [step, factor] of [
      [0, 1 / 32],
      [4, 1],
      [22, 16.5 / 32],
    ] as const)
      expect(headAt(step) / 1e-3).toBeCloseTo(factor, 12);
    expect(rates[9]).toBe(1e-3);
    expect(rates[8]! / rates[9]!).toBeCloseTo(1 / 2.6, 12);
    expect(rates[0]! / rates[9]!).toBeCloseTo(2.6 ** -5, 12);
    expect(method).toEqual({ name: 'ulmfit', unfreezing: { groupsAnEpoch: 1 } });
  });

  it('the others leave the rates as they are', () => {
    const of = (name: string, options = {}) => withMethod(SETTINGS, name, options, 4);
    expect(of('replay', { replayShare: 0.3 })).toEqual({
      ...SETTINGS,
      method: { name: 'replay', replay: { share: 0.3 } },
    });
    expect(of('joint')).toEqual({
      ...SETTINGS,
      epochs: { original: 0, shifted: SETTINGS.epochs.shifted },
      method: { name: 'joint', replay: { share: 1 } },
    });
    expect(of('single')).toEqual({ ...SETTINGS, method: { name: 'single', alone: true } });
    expect(of('smart', { smartRadius: 0.1, smartProximity: 0 }).method?.smart).toEqual({
      smoothness: 1,
      radius: 0.1,
      stepSize: 1e-3,
      ascents: 1,
      proximity: 0,
    });
  });
});

it('an unknown method is refused with the list of those there are', () => {
  expect(() => withMethod(FLAT, 'magic', {}, 4)).toThrow(new RegExp(METHOD_NAMES.join(', ')));
});
