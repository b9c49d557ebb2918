/** Which rates a method may have been given. */
import { expect, it } from 'vitest';
import { checkRates } from '../src/options/method-options.js';

it('a method of found rates needs them, and takes them once', () => {
  expect(() => checkRates({ method: 'distribution' }, false)).toThrow(/--rates-from/);
  expect(() => checkRates({ method: 'distribution' }, true)).not.toThrow();
  expect(() => checkRates({ method: 'combined', ratesFrom: 'folder' }, false)).not.toThrow();
  expect(() => checkRates({ ratesFrom: 'folder' }, true)).toThrow(/leave out/);
  expect(() => checkRates({ method: 'decay' }, false)).not.toThrow();
});
