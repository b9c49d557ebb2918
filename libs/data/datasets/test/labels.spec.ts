/** The order of labels, against Python's. */
import { spawnSync } from 'node:child_process';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { sortLabels } from '../src/index.js';

// Computed with Python 3: sorted(labels), or sorted(labels, key=int) where all are integers.
it.each([
  [
    ['World', 'Sports', 'Business', 'Sci/Tech'],
    ['Business', 'Sci/Tech', 'Sports', 'World'],
  ],
  [
    ['not_entailment', 'entailment'],
    ['entailment', 'not_entailment'],
  ],
  [
    ['b', 'a', 'B', 'A', '', 'ab'],
    ['', 'A', 'B', 'a', 'ab', 'b'],
  ],
  [
    ['10', '9', '-1', '0'],
    ['-1', '0', '9', '10'],
  ],
  [
    ['10', '9', '1.5'],
    ['1.5', '10', '9'],
  ],
  [
    ['\u{1F600}', '\uFF5E', 'é', 'z'],
    ['z', 'é', '\uFF5E', '\u{1F600}'],
  ],
  [
    ['90071992547409931', '90071992547409930'],
    ['90071992547409930', '90071992547409931'],
  ],
])('%j', (labels, sorted) => {
  expect(sortLabels(labels)).toEqual(sorted);
});

it('is the order of code points, and no other order of JavaScript', () => {
  const codePoints = (text: string): number[] => Array.from(text, (character) => character.codePointAt(0)!);
  fc.assert(
    fc.property(fc.uniqueArray(fc.string({ unit: 'binary', minLength: 1, maxLength: 4 })), (labels) => {
      fc.pre(!labels.every((label) => /^-?\d+$/.test(label)));
      const sorted = sortLabels(labels).map(codePoints);
      for (let i = 1; i < sorted.length; i++) {
        const [low, high] = [sorted[i - 1]!, sorted[i]!];
        const differs = low.findIndex((point, at) => point !== high[at]);
        if (differs >= 0) expect(low[differs]!).toBeLessThan(high[differs] ?? -1);
        else expect(low.length).toBeLessThan(high.length);
      }
    }),
  );
});

const python = spawnSync('python3', ['--version']).status === 0;

it.skipIf(!python)("equals Python's sorted() (skipped where there is no python3)", () => {
  const lists = fc.sample(
    fc.uniqueArray(fc.string({ unit: 'grapheme', minLength: 1, maxLength: 5 }), { minLength: 1 }),
    200,
  );
  const words = lists.filter((list) => !list.every((label) => /^-?\d+$/.test(label)));
  const program = 'import json,sys; print(json.dumps([sorted(l) for l in json.load(sys.stdin)]))';
  const { stdout } = spawnSync('python3', ['-c', program], {
    input: JSON.stringify(words),
    encoding: 'utf8',
  });
  expect(words.map((list) => sortLabels(list))).toEqual(JSON.parse(stdout));
});
