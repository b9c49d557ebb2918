import { existsSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { openSafetensorsFolder } from '@layerwise/model';
import { InputError } from '@layerwise/errors';
import { describe, expect, it } from 'vitest';
import { changedFixture, COMMITTED, SHARED } from '../test/fixtures-on-engine.js';
import { findFixtures, readFixture } from './reference-fixture.js';

/** What every fixture must hold, the committed one and those of ../shared. */
function checkFixture(folder: string): void {
  const { expected, tensors, parameters, tokens } = readFixture(folder);
  const stored = [...openSafetensorsFolder(folder).tensors.keys()].sort();
  expect(tokens).toHaveLength(16);
  expect(Object.keys(expected.group_of_parameter).sort()).toEqual(stored);
  expect([...parameters.grad].sort()).toEqual(stored);
  expect([...parameters.after].sort()).toEqual(stored);
  expect(expected.losses[0]).toBeCloseTo(tensors.readTensor('loss')[0] ?? NaN, 6);
  expect(expected.learning_rates).toHaveLength(10);
  expect(expected.schedule.factors).toHaveLength(expected.losses.length);
  const ids = tensors.readIntegers('input.input_ids');
  const width = tensors.tensors.get('input.input_ids')?.shape[1] ?? 0;
  expected.tokens.forEach((row, r) => {
    expect([...ids.subarray(r * width, r * width + row.length)]).toEqual(row);
  });
}

describe('reference numbers', () => {
  it('are read from the committed fixture', () => {
    checkFixture(COMMITTED);
    const { parameters, tensors, expected } = readFixture(COMMITTED);
    expect(parameters.fisher).toHaveLength(parameters.grad.length);
    expect(parameters.mlmGrad).toContain('cls.predictions.bias');
    expect(tensors.tensors.get('hidden.4')?.shape).toEqual([4, 24, 16]);
    expect(expected.mlm?.loss).toBeCloseTo(tensors.readTensor('mlm.loss')[0] ?? NaN, 6);
    // The first step's factor is 0: moments move, weights do not, so the second loss is the first.
    expect(expected.losses[1]).toBe(expected.losses[0]);
    expect(expected.losses[2]).toBeLessThan(expected.losses[1] ?? NaN);
  });

  it.skipIf(!existsSync(SHARED)).each(['bert', 'roberta', 'distilbert', 'electra', 'gpt2'])(
    'are read from %s of ../shared',
    (name) => {
      checkFixture(join(SHARED, name));
    },
  );

  it('are found in a folder of fixtures or in one', () => {
    expect(findFixtures(COMMITTED)).toEqual([COMMITTED]);
    expect(findFixtures(dirname(COMMITTED))).toEqual([COMMITTED]);
    expect(() => findFixtures(join(COMMITTED, '../../src'))).toThrow(
      /holds no folder with config.json and expected.json/,
    );
    expect(() => findFixtures(join(COMMITTED, 'none'))).toThrow(/There is no folder/);
    expect(() => findFixtures(join(COMMITTED, 'config.json'))).toThrow(InputError);
  });

  it('are refused where a file is missing or laid out otherwise', () => {
    const folder = changedFixture('expected.json', (expected) => ({
      ...(expected as object),
      labels: ['a'],
    }));
    expect(() => readFixture(folder)).toThrow(
      /expected.json is not laid out as reference numbers are \(labels\.0: /,
    );
    rmSync(join(folder, 'expected.safetensors'));
    expect(() => readFixture(folder)).toThrow(
      /cannot read .*expected.safetensors: it does not exist \(ENOENT\)/,
    );
  });
});
