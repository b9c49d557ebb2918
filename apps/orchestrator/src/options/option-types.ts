/**
 * Parsers of option values. Each takes the option's name and gives commander a function from the typed word
 * to a value; a word that does not fit is refused with a sentence that names option, word and what fits.
 */
import { InputError } from '@layerwise/errors';

export type Parser<T> = (word: string) => T;

/** A whole number from `least` on. */
export function wholeNumber(option: string, least: number): Parser<number> {
  return (word) => {
    const value = Number(word);
    if (/^\d+$/.test(word) && Number.isSafeInteger(value) && value >= least) return value;
    throw new InputError(`${option} must be a whole number of at least ${least}, not "${word}".`);
  };
}

/** A number of at least 0. */
export function amount(option: string): Parser<number> {
  return (word) => {
    const value = parseNumber(word);
    if (value >= 0) return value;
    throw new InputError(`${option} must be a number of at least 0, not "${word}".`);
  };
}

/** A number from 0 to below 1, such as a probability or a share of the steps. */
export function share(option: string): Parser<number> {
  return (word) => {
    const value = parseNumber(word);
    if (value >= 0 && value < 1) return value;
    throw new InputError(`${option} must be a number from 0 to below 1, not "${word}".`);
  };
}

/** A part of a whole: above 0, at most 1. */
export function positiveShare(option: string): Parser<number> {
  return (word) => {
    const value = parseNumber(word);
    if (value > 0 && value <= 1) return value;
    throw new InputError(`${option} must be a number above 0 and at most 1, not "${word}".`);
  };
}

/** Words separated by commas, each through `parse`. */
export function list<T>(option: string, parse: Parser<T>): Parser<T[]> {
  return (words) => {
    const all = words.split(',').map((word) => word.trim());
    if (all.includes('')) throw new InputError(`${option} is a list separated by commas, not "${words}".`);
    return all.map(parse);
  };
}

/** The number a word spells, or NaN; unlike `Number`, an empty word and "0x10" are not numbers. */
function parseNumber(word: string): number {
  const trimmed = word.trim();
  return /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(trimmed) ? Number(trimmed) : NaN;
}

/** Words separated by commas. */
export function names(option: string): Parser<string[]> {
  return list(option, (word) => word);
}

/** A number above `least`. */
export function factor(option: string, least: number): Parser<number> {
  return (word) => {
    const value = parseNumber(word);
    if (value > least) return value;
    throw new InputError(`${option} must be a number above ${least}, not "${word}".`);
  };
}

/** `20GB` → bytes. */
export function bytes(option: string): Parser<number> {
  return (word) => {
    const [, number, unit = ''] = /^(\d+(?:\.\d+)?)\s*([kMGT]?)B?$/i.exec(word) ?? [];
    const scale = { '': 1, K: 1e3, M: 1e6, G: 1e9, T: 1e12 }[unit.toUpperCase()];
    if (number !== undefined && scale !== undefined) return Number(number) * scale;
    throw new InputError(`${option} must be a size such as 20GB or 500MB, not "${word}".`);
  };
}
