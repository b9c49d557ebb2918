/** Fields of /proc, and what this process holds by them. */
import { existsSync } from 'node:fs';
import { expect, it } from 'vitest';
import { kilobytesOf, residentMegabytes } from '../src/memory.mjs';

it('reads a field of /proc, and 0 where it is not there', () => {
  const text = 'Rss:                1696 kB\nPss:                 218 kB\nPss_Dirty:           112 kB\n';
  expect(kilobytesOf(text, 'Pss')).toBe(218);
  expect(kilobytesOf(text, 'Swap')).toBe(0);
});

it.skipIf(!existsSync('/proc/self/status'))('tells what a process holds', () => {
  const held = residentMegabytes(process.pid, 'VmRSS');
  expect(held).toBeGreaterThan(20);
  expect(held! * 2 ** 20).toBeCloseTo(process.memoryUsage.rss(), -8);
  expect(residentMegabytes(2 ** 30, 'VmRSS')).toBeNull();
});
