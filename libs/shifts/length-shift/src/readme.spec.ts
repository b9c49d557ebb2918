/** The README's example is test/readme-example.ts, and gives what it says; the files it names are there. */
import { existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { expect, it } from 'vitest';
import { cut, original, shifted, shorter } from '../test/readme-example.js';
import { lengthShiftStage } from './stage.js';

const read = (path: string): string => readFileSync(resolve(import.meta.dirname, path), 'utf8');
const readme = read('../README.md');

it('the example in the README is the one that runs here', () => {
  const example = read('../test/readme-example.ts').replace('../src/index.js', '@layerwise/length-shift');
  expect(readme).toContain('```ts\n' + example + '```');
  expect(shorter).toEqual(['calm', 'low and slow']);
  expect(cut).toEqual({ train: 3.5, dev: 3.5 });
  expect([[...original], [...shifted]]).toEqual([
    [1, 3],
    [0, 2],
  ]);
});

it('the README names every parameter and default, and files that are there', () => {
  const defaults = lengthShiftStage.parameters.parse({});
  for (const [name, value] of Object.entries(defaults))
    expect(readme).toMatch(new RegExp(`\\| \`${name}\` \\| \`?${value}\`? \\|`));
  const files = [...readme.matchAll(/`([a-z-]+\.ts)`/g)].map((match) => match[1] ?? '');
  expect(files).toHaveLength(4);
  for (const file of files) expect(existsSync(resolve(import.meta.dirname, file)), file).toBe(true);
});
