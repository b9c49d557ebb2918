/**
 * The conformance suite: every case on one engine, values and gradients against tfjs' cpu backend, which
 * computes each kernel in plain JavaScript. `reference.spec.ts` compares with sources that are not tfjs.
 *
 * One engine a file (`*.spec.ts` here), for tfjs-node and tfjs-node-gpu can't share a process.
 */
import { InputError } from '@layerwise/errors';
import { describe, expect, it } from 'vitest';
import { startEngine, type Engine, type EngineName } from '../../src/index.js';
import { actualShape, caseFeeds, caseProgram, caseResults, SIZES, type Case } from './case.js';
import { KERNEL_CASES } from './kernel-cases.js';
import { OPERATION_CASES } from './operation-cases.js';

/** What an engine can't do, by case: words of its error. The suite fails when it can after all. */
export type Gaps = Readonly<Record<string, RegExp>>;

const OPTIONS = { fixedFeeds: {}, fixedResults: {} };

export const ALL_CASES: readonly Case[] = [
  ...new Set([...Object.values(KERNEL_CASES).flat(), ...OPERATION_CASES]),
];

/** Compares `name` with tfjs-cpu; skips, saying why, where it can't start. */
export async function conformance(name: EngineName, gaps: Gaps = {}): Promise<void> {
  const engine = await startEngine(name).catch((error: unknown) => {
    if (error instanceof InputError) return error;
    throw error;
  });
  if (engine instanceof InputError) {
    it(`${name} conforms`, (context) => context.skip(engine.message));
    return;
  }
  const reference = await startEngine('tfjs-cpu');
  describe(`${name} computes as tfjs-cpu does`, () => {
    const able = ALL_CASES.filter((testCase) => !(testCase.name in gaps));
    it.each(able.map((testCase) => [testCase.name, testCase] as const))('%s', async (_, testCase) => {
      await compare(testCase, engine, reference);
    });
    it.each(Object.entries(gaps))('but for %s', async (caseName, message) => {
      const testCase = ALL_CASES.find((known) => known.name === caseName);
      expect(testCase).toBeDefined();
      await expect(compare(testCase!, engine, reference)).rejects.toThrow(message);
    });
  });
}

async function compare(testCase: Case, engine: Engine, reference: Engine): Promise<void> {
  const program = caseProgram(testCase);
  const [tested, known] = await Promise.all([
    engine.compile(program, OPTIONS),
    reference.compile(program, OPTIONS),
  ]);
  for (const sizes of SIZES) {
    const feeds = caseFeeds(testCase, sizes);
    const expected = await known.run(feeds, {});
    const found = await tested.run(feeds, {});
    expect(Object.keys(found).sort()).toEqual(caseResults(program).sort());
    const length = actualShape(testCase.result, sizes).reduce((product, size) => product * size, 1);
    expect(expected['result']).toHaveLength(length);
    for (const [name, values] of Object.entries(expected)) expectClose(name, found[name]!, values);
  }
  await tested.dispose();
  await known.dispose();
}

/**
 * Within float32's rounding through a few operations on numbers of about one: 5e-6 of the largest entry, or
 * of 1.
 */
export function expectClose(name: string, found: ArrayLike<number>, expected: ArrayLike<number>): void {
  expect(found, name).toHaveLength(expected.length);
  const all = Array.from(expected);
  const largest = all.reduce((most, value) => Math.max(most, Math.abs(value)), 1);
  const worst = all.reduce((most, value, i) => Math.max(most, Math.abs(found[i]! - value)), 0);
  const isClose = worst <= 5e-6 * largest;
  if (!isClose) expect(Array.from(found), name).toEqual(all);
}
