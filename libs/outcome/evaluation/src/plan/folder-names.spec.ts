/** Another folder for each pair, and the old one wherever nothing else could have it. */
import { expect, it } from 'vitest';
import { formerFolderName, pairFolderName } from './folder-names.js';

it('keeps the names that say which pair they are', () => {
  expect(pairFolderName('SST-2 → MRPC')).toBe('SST-2-MRPC');
  expect(pairFolderName('café → naïve_1.0')).toBe('café-naïve_1.0');
  expect(formerFolderName('a b → c-d')).toBe('a-b-c-d');
});

it('gives each of a lot of similar pairs a folder of its own, that file systems take', () => {
  const tasks = [
    'a',
    'a-b',
    'a b',
    'b-c',
    'c',
    'x/y',
    'x-y',
    'x:y',
    'é',
    'e\u0301',
    'e-',
    '~',
    'a~',
    '..',
    'a → b',
    '',
  ];
  const long = ['l'.repeat(300), `${'l'.repeat(299)}m`, '語'.repeat(300), '𝒜'.repeat(200)];
  const pairs = [...tasks, ...long].flatMap((one) => [...tasks, ...long].map((other) => `${one} → ${other}`));
  const distinct = [...new Set(pairs)];
  const names = distinct.map(pairFolderName);
  expect(new Set(names.map((name) => name.normalize('NFC'))).size).toBe(distinct.length);
  for (const name of names) {
    expect(name).toMatch(/^[\p{L}\p{N}._~-]+$/u);
    expect(['.', '..']).not.toContain(name);
    expect(Buffer.byteLength(name)).toBeLessThan(200);
  }
});
