/** Content for the tests, and the names that a hub gives to it. */
import { createHash } from 'node:crypto';

export const sha256 = (content: Buffer): string => createHash('sha256').update(content).digest('hex');
export const gitSha1 = (content: Buffer): string =>
  createHash('sha1').update(`blob ${content.length}\0`).update(content).digest('hex');
export const commitOf = (repository: string, revision: string): string =>
  createHash('sha1').update(`${repository}@${revision}`).digest('hex');
/** Bytes without a pattern that a mistake in an offset would leave unseen. */
export function noise(length: number, seed: number): Buffer {
  let state = seed >>> 0 || 1;
  const bytes = Uint8Array.from({ length }, () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state >>> 24;
  });
  return Buffer.from(bytes);
}
