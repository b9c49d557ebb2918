import { InputError } from '@layerwise/errors';
import { describe, expect, it } from 'vitest';
import { parseSpace, parseValues } from './parse-space.js';

const json = {
  lr: { type: 'float', low: 1e-7, high: 1e-3, log: true },
  layers: { type: 'integer', low: 1, high: 12 },
  schedule: { type: 'categorical', choices: ['cosine', 'linear', false] },
};

it('reads parameters in the order of their keys', () => {
  const space = parseSpace(JSON.parse(JSON.stringify(json)), 'space.json');
  expect(space.names).toEqual(['lr', 'layers', 'schedule']);
  expect(space.parameters).toEqual([json.lr, json.layers, json.schedule]);
});

describe('refuses with one sentence that names the parameter and the value', () => {
  const range = { type: 'float', low: 0, high: 1 };
  it.each([
    [[1], 'space.json holds [1], but a search space is an object'],
    [{}, 'space.json has no parameter'],
    [{ 10: range }, 'the parameter "10" is named by a number alone'],
    [JSON.parse('{"__proto__":{"type":"float","low":0,"high":1}}'), '"__proto__" is no name'],
    [{ a: 3 }, 'the parameter "a" is 3, but has to be an object'],
    [{ a: { low: 0, high: 1 } }, 'the parameter "a" has no "type"'],
    [{ a: { ...range, type: 'real' } }, 'the parameter "a" has the type "real"'],
    [{ a: { ...range, hi: 3 } }, 'the parameter "a" has a field "hi" that a float parameter does not know'],
    [{ a: { type: 'float', low: 0 } }, 'the parameter "a" has no "high"'],
    [{ a: { ...range, low: '0' } }, 'the parameter "a" has the low "0": give a finite number'],
    [{ a: { ...range, low: 1 } }, 'goes from low 1 to high 1: low has to be below high'],
    [{ a: { ...range, low: -1e308, high: 1e308 } }, 'too wide'],
    [{ a: { ...range, log: true } }, 'has a logarithmic scale and low 0'],
    [{ a: { ...range, log: 1 } }, 'has the log 1'],
    [{ a: { type: 'integer', low: 0.5, high: 3 } }, 'has the low 0.5: give a whole number'],
    [{ a: { type: 'categorical', choices: ['x'] } }, 'has the choices ["x"]: give a list of two'],
    [{ a: { type: 'categorical', choices: ['x', null] } }, 'has the choice null'],
    [{ a: { type: 'categorical', choices: ['x', 'x'] } }, 'has the choice "x" twice'],
  ])('%j', (bad, message) => {
    expect(() => parseSpace(bad, 'space.json')).toThrow(InputError);
    expect(() => parseSpace(bad, 'space.json')).toThrow(message);
    expect(() => parseSpace(bad, 'space.json')).toThrow(/^space\.json.*\.$/);
  });
});

describe('points that are given', () => {
  const space = parseSpace(json, 'space.json');

  it('come by name or in order', () => {
    expect(parseValues(space, { schedule: false, lr: 1e-5, layers: 12 }, 'points.json')).toEqual([
      1e-5,
      12,
      false,
    ]);
    expect(parseValues(space, [1e-7, 1, 'linear'], 'points.json')).toEqual([1e-7, 1, 'linear']);
  });

  it.each([
    [3, 'points.json holds 3'],
    [[1e-5, 1], 'has 2 values, but the space has 3 parameters'],
    [{ lr: 1e-5, layers: 1 }, 'has no value for "schedule"'],
    [{ lr: 1e-5, layers: 1, schedule: 'cosine', rate: 1 }, 'names "rate", which the space does not have'],
    [[1e-2, 1, 'linear'], 'the value of "lr" is 0.01, outside of its range from 1e-7 to 0.001'],
    [[NaN, 1, 'linear'], 'the value of "lr" is NaN'],
    [[1e-5, 1.5, 'linear'], 'the value of "layers" is 1.5: give a whole number'],
    [[1e-5, 1, true], 'the value of "schedule" is true, which is none of its choices'],
  ])('and are refused as %j', (bad, message) => {
    expect(() => parseValues(space, bad, 'points.json')).toThrow(InputError);
    expect(() => parseValues(space, bad, 'points.json')).toThrow(message);
  });
});
