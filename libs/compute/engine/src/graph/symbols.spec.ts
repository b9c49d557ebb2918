import { describe, expect, it } from 'vitest';
import {
  factorise,
  hidesSymbol,
  isSymbolic,
  recordedShape,
  shiftedSymbol,
  sizeName,
  symbolsOf,
} from './symbols.js';

const symbols = symbolsOf([['rows', 8], ['length', 'rows'], ['3*rows*length']]);
const [rows, length] = [...symbols.values()] as [number, number];

const isPrime = (n: number): boolean =>
  Array.from({ length: Math.floor(Math.sqrt(n)) - 1 }, (_, i) => n % (i + 2)).every((rest) => rest !== 0);

describe('symbolic sizes', () => {
  it('are distinct primes, by order of appearance', () => {
    expect([...symbols.keys()]).toEqual(['rows', 'length']);
    expect(rows).not.toBe(length);
    const six = [...symbolsOf([['a', 'b', 'c', 'd', 'e', 'f']]).values()];
    expect(new Set(six).size).toBe(6);
    expect(six.every(isPrime)).toBe(true);
  });

  it('are recorded as products', () => {
    expect(recordedShape(symbols, ['rows', 8])).toEqual([rows, 8]);
    expect(recordedShape(symbols, ['3*rows*length', 'rows*rows'])).toEqual([3 * rows * length, rows * rows]);
  });

  it('come back from a product', () => {
    expect(factorise(symbols, 12)).toEqual({ constant: 12, symbols: [] });
    expect(factorise(symbols, 12 * length * rows * rows)).toEqual({
      constant: 12,
      symbols: ['rows', 'rows', 'length'],
    });
    expect(factorise(symbols, 0)).toEqual({ constant: 0, symbols: [] });
    expect(isSymbolic(symbols, 768)).toBe(false);
    expect(isSymbolic(symbols, 768 * rows)).toBe(true);
    expect([7, rows, 4 * rows * length].map((size) => sizeName(symbols, size))).toEqual([
      '7',
      'rows',
      '4·rows·length',
    ]);
  });

  it('are found in constants computed from them, float32 reciprocals included', () => {
    for (const value of [rows, -2 * rows, 1 / rows, Math.fround(1 / rows), Math.fround(-1 / (6 * length))]) {
      expect(hidesSymbol(symbols, value), String(value)).toBe(true);
    }
    for (const value of [0, 1, -1e9, 1e-12, 0.044715, Math.SQRT1_2, 1 / 768, 30_522, Infinity, NaN]) {
      expect(hidesSymbol(symbols, value), String(value)).toBe(false);
    }
  });

  it('are found in sizes that lie beside their multiples', () => {
    for (const size of [rows - 1, rows + 3, 2 * rows - 5]) expect(shiftedSymbol(symbols, size)).toBe('rows');
    expect(shiftedSymbol(symbols, length * 2 + 700)).toBe('rows');
    for (const size of [0, 1, 768, 30_522, 119_547, 250_002, rows, 4 * length, 30_522 * 768]) {
      expect(shiftedSymbol(symbols, size), String(size)).toBeNull();
    }
  });

  it('are refused where there are too many, or a fixed size looks like one', () => {
    expect(() => symbolsOf([['a', 'b', 'c', 'd', 'e', 'f', 'g']])).toThrow(
      'may have 6 symbolic sizes at most',
    );
    expect(() => symbolsOf([['rows'], [2 * rows]])).toThrow(
      `a fixed size of ${2 * rows} can't be told from a symbolic one`,
    );
    expect(() => symbolsOf([[2 * rows]])).not.toThrow();
  });
});
