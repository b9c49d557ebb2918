// The README's example is test/readme-example.ts, and says what the README says.
import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { example } from '../test/readme-example.js';

it('the example in the README runs as it is printed there', () => {
  const read = (path: string): string => readFileSync(new URL(path, import.meta.url), 'utf8');
  const source = read('../test/readme-example.ts').replace('../src/index.js', '@layerwise/importance');
  expect(read('../README.md')).toContain('```ts\n' + source + '```');
  expect(read('../README.md')).toContain('```text\n' + example().join('\n') + '\n```');
});
