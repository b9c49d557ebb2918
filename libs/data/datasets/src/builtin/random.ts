/**
 * Seeded choices for the generators: xoroshiro128+ (pure-rand), in whole numbers only, so that a seed gives
 * the same rows on every machine.
 */
import { uniformInt } from 'pure-rand/distribution/uniformInt';
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus';

export interface Random {
  /** A whole number from 0 to `count` - 1. */
  below(count: number): number;
  pick<T>(list: readonly [T, ...T[]]): T;
  /** True in `percent` of 100 cases. */
  chance(percent: number): boolean;
  /** A new list in another order. */
  shuffled<T>(list: readonly T[]): T[];
}

/** `seed`: a whole number from 0 to 2^32 - 1. */
export function seededRandom(seed: number): Random {
  const generator = xoroshiro128plus(seed | 0);
  const below = (count: number): number => uniformInt(generator, 0, count - 1);
  return {
    below,
    pick: (list) => list[below(list.length)] ?? list[0],
    chance: (percent) => below(100) < percent,
    shuffled: (list) => {
      const keys = list.map(() => below(2 ** 30));
      const order = list.map((_, i) => i).sort((a, b) => keys[a]! - keys[b]! || a - b);
      return order.map((i) => list[i]!);
    },
  };
}
