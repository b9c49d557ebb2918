/** Which rates the values of a space stand for, against formulas by hand. */
import { readFileSync } from 'node:fs';
import { groupDepths, paperGrouping } from '@layerwise/optimizers';
import { describe, expect, it } from 'vitest';
import { NAMED_SPACES } from '../options.js';
import { readSpaceText } from './space-file.js';
import { namedSpace, spaceOfJson } from './spaces.js';

const twelve = paperGrouping(12);
/** Parts 1 and 5 of six layers are empty. */
const six = paperGrouping(6);

describe('groups', () => {
  it('is ten log rates in [1e-7, 1e-3] for twelve layers, as they are', () => {
    const { space, rates } = namedSpace('groups', twelve, 12);
    expect(space.names).toEqual(['lr0', 'lr1', 'lr2', 'lr3', 'lr4', 'lr5', 'lr6', 'lr7', 'lr8', 'lr9']);
    for (const parameter of space.parameters)
      expect(parameter).toEqual({ type: 'float', low: 1e-7, high: 1e-3, log: true });
    const values = [1e-7, 2e-7, 3e-7, 4e-7, 5e-7, 6e-7, 7e-7, 8e-7, 9e-7, 1e-3];
    expect(rates(values)).toEqual(values);
  });

  it('has no parameter for a group without a layer, whose rate is null', () => {
    const { space, rates } = namedSpace('groups', six, 6);
    expect(space.names).toEqual(['lr0', 'lr2', 'lr3', 'lr4', 'lr6', 'lr7', 'lr8', 'lr9']);
    expect(rates([1, 2, 3, 4, 6, 7, 8, 9])).toEqual([1, null, 2, 3, 4, null, 6, 7, 8, 9]);
  });
});

it('flat is one rate for all', () => {
  const { space, rates } = namedSpace('flat', six, 6);
  expect(space.names).toEqual(['lr']);
  expect(rates([3e-5])).toEqual([3e-5, null, 3e-5, 3e-5, 3e-5, null, 3e-5, 3e-5, 3e-5, 3e-5]);
});

it('depths are layers below the head, a group of two layers at their mean', () => {
  // Twelve layers: parts {0}, {1,2}, {3}, {4,5}, … as the paper prints them.
  expect(groupDepths(twelve, 12)).toEqual([13, 12, 10.5, 9, 7.5, 6, 4.5, 3, 1.5, 0]);
});

it('decay is a rate and a factor a layer', () => {
  const { space, rates } = namedSpace('decay', twelve, 12);
  expect(space.names).toEqual(['lr', 'decay']);
  const found = rates([1e-3, 0.5]);
  const byHand = [13, 12, 10.5, 9, 7.5, 6, 4.5, 3, 1.5, 0].map((depth) => 1e-3 * 0.5 ** depth);
  found.forEach((rate, group) => expect(rate! / byHand[group]!).toBeCloseTo(1, 12));
});

it('discriminative divides by 2.6 a layer', () => {
  const found = namedSpace('discriminative', twelve, 12).rates([1e-3]);
  expect(found[9]).toBe(1e-3);
  expect(found[7]! / (1e-3 / 2.6 ** 3)).toBeCloseTo(1, 12);
  expect(found[0]! / (1e-3 / 2.6 ** 13)).toBeCloseTo(1, 12);
});

it.each(NAMED_SPACES)('a flat rate in %s is that rate for all, or the nearest', (name) => {
  const { space, flat, rates } = namedSpace(name, six, 6);
  const values = flat(2e-5);
  expect(values).toHaveLength(space.names.length);
  const found = rates(values!).filter((rate) => rate !== null);
  if (name === 'discriminative') expect(found.at(-1)).toBe(2e-5);
  else expect(new Set(found)).toEqual(new Set([2e-5]));
  expect(flat(1)).toBeNull();
});

describe('values of given rates', () => {
  const distribution = twelve.groups.map((_, group) => 1e-6 * (group + 1));

  it('are found where the space holds them', () => {
    expect(namedSpace('groups', twelve, 12).values(distribution)).toEqual(distribution);
    expect(namedSpace('flat', twelve, 12).values(distribution)).toBeNull();
    expect(
      namedSpace('flat', six, 6).values([2e-5, null, 2e-5, 2e-5, 2e-5, null, 2e-5, 2e-5, 2e-5, 2e-5]),
    ).toEqual([2e-5]);
    expect(namedSpace('groups', twelve, 12).values(twelve.groups.map(() => 1))).toBeNull();
  });

  it('may leave out the groups that hold nothing', () => {
    const held = [1, 2, 3, 4, 5, 6, 7, 8].map((rate) => rate * 1e-6);
    const { values, rates } = namedSpace('groups', six, 6);
    expect(values(held)).toEqual(held);
    expect(rates(values(held)!)).toEqual([held[0], null, ...held.slice(1, 4), null, ...held.slice(4)]);
    expect(namedSpace('flat', six, 6).values(held.map(() => 2e-5))).toEqual([2e-5]);
    expect(values(held.slice(1))).toBeNull();
  });
});

describe('a file', () => {
  const rate = { type: 'float', low: 1e-6, high: 1e-4, log: true };
  const json = (names: readonly string[]) =>
    JSON.stringify(Object.fromEntries(names.map((name) => [name, rate])));
  const names = namedSpace('groups', six, 6).space.names;

  it('names its parameters in any order', () => {
    const { rates, space } = spaceOfJson(json([...names].reverse()), 'space.json', six);
    expect(space.names[0]).toBe('lr9');
    expect(rates([9, 8, 7, 6, 4, 3, 2, 0].map((place) => place * 1e-5))[9]).toBe(9e-5);
  });

  it.each([
    ['no parameter for a group', json(names.slice(1)), 'space.json has no lr0'],
    ['one for an empty group', json([...names, 'lr1']), 'the parameter lr1, which is no group'],
    ['something that is no JSON', '{"lr0"', 'space.json is not JSON'],
  ])('with %s is refused', (_, text, sentence) => {
    expect(() => spaceOfJson(text, 'space.json', six)).toThrow(sentence);
  });

  it('that is not there is refused', () => {
    expect(() => readSpaceText('/nowhere/space.json', 'is no space')).toThrow(
      '--space /nowhere/space.json is no space',
    );
  });
});

it('the table in the head of the file names each space', () => {
  const source = readFileSync(new URL('./spaces.ts', import.meta.url), 'utf8');
  for (const name of NAMED_SPACES) expect(source).toContain(` * | ${name} | `);
});
