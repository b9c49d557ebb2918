/**
 * Seeds out of what they are for: 32 bits by FNV-1a (Fowler, Noll and Vo 1991), and a finaliser behind it
 * (hash-prospector, Chris Wellons), so that neighbours share nothing.
 */

const START = 0x811c9dc5;
const absorb = (hash: number, unit: number): number => Math.imul(hash ^ unit, 0x01000193);

/** FNV-1a over the UTF-16 units of a text. */
export function textHash(text: string): number {
  let hash = START;
  for (let i = 0; i < text.length; i++) hash = absorb(hash, text.charCodeAt(i));
  return hash;
}

/** A seed for a text such as "1 permutations". */
export function textSeed(text: string): number {
  return finalise(textHash(text));
}

/** A seed for several whole numbers, over their bytes. */
export function mixedSeed(numbers: readonly number[]): number {
  let hash = START;
  for (const number of numbers)
    for (const word of [number >>> 0, Math.floor(number / 2 ** 32) >>> 0])
      for (let shift = 0; shift < 32; shift += 8) hash = absorb(hash, (word >>> shift) & 255);
  return finalise(hash);
}

function finalise(hash: number): number {
  let mixed = Math.imul(hash ^ (hash >>> 16), 0x21f0aaad);
  mixed = Math.imul(mixed ^ (mixed >>> 15), 0x735a2d97);
  return mixed ^ (mixed >>> 15);
}
