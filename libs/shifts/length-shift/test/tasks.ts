/** Tasks of rows as long as a test wants them. */
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Split, Task } from '@layerwise/artifacts';

export const temporaryFolder = (): string => mkdtempSync(join(tmpdir(), 'length-shift-'));

const WORDS = ['the', 'river', 'rose', 'over', 'low', 'fields', 'before', 'dawn'];

/** A sentence of so many words. */
export function sentence(words: number): string {
  return Array.from({ length: words }, (_, i) => WORDS[i % WORDS.length]).join(' ');
}

/** Rows of the given lengths, whose labels take turns. */
export function splitOf(lengths: readonly number[]): Split {
  return {
    index: Int32Array.from(lengths, (_, row) => 1000 + row),
    text: lengths.map(sentence),
    pair: null,
    label: Int32Array.from(lengths, (_, row) => row % 2),
  };
}

export function taskOf(train: readonly number[], dev: readonly number[]): Task {
  return { name: 'rivers', labels: ['calm', 'wild'], train: splitOf(train), dev: splitOf(dev) };
}

/** As many different lengths as rows, in an order that is no order. */
export const river = taskOf([9, 2, 14, 5, 1, 11, 7, 3, 12, 8, 4, 13], [3, 8, 5, 6, 2, 7, 9, 4]);
