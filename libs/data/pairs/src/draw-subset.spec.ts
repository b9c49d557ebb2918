/** Subsets by lot: ascending, and each as likely as another. */
import { uniformInt } from 'pure-rand/distribution/uniformInt';
import { mersenne } from 'pure-rand/generator/mersenne';
import { expect, it } from 'vitest';
import { drawSubset } from './draw-subset.js';

it('gives each subset about as often as any other', () => {
  const generator = mersenne(3);
  const draw = (count: number): number => uniformInt(generator, 0, count - 1);
  const seen = new Map<string, number>();
  for (let i = 0; i < 6000; i++) {
    const subset = new Uint16Array(2);
    drawSubset(draw, 4, subset);
    seen.set(subset.join(), (seen.get(subset.join()) ?? 0) + 1);
  }
  expect([...seen.keys()].sort()).toEqual(['0,1', '0,2', '0,3', '1,2', '1,3', '2,3']);
  // 1,000 expected of 6,000, deviation √(6000 · 1/6 · 5/6) = 29; 5 of them.
  for (const count of seen.values()) expect(Math.abs(count - 1000)).toBeLessThan(145);
});

it('takes nothing or all without a choice', () => {
  const never = (): number => {
    throw new Error('drawn');
  };
  expect(() => drawSubset(never, 5, new Int32Array(0))).not.toThrow();
  const all = new Int32Array(4);
  drawSubset((count) => count - 1, 4, all);
  expect([...all]).toEqual([0, 1, 2, 3]);
});
