/**
 * The README's example is test/readme-example.ts, and gives what it says; the files and parameters it names
 * are there.
 */
import { existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { expect, it } from 'vitest';
import { best, clusters, town, water } from '../test/readme-example.js';
import { clusterShiftStage } from './stage.js';

const read = (path: string): string => readFileSync(resolve(import.meta.dirname, path), 'utf8');
const readme = read('../README.md');

it('the example in the README is the one that runs here', () => {
  const example = read('../test/readme-example.ts').replace('../src/index.js', '@layerwise/cluster-shift');
  expect(readme).toContain('```ts\n' + example + '```');
  expect(water).toEqual(['a lake', 'a torrent', 'a pond']);
  expect(town).toEqual(['a market']);
  expect([...clusters]).toEqual([0, 0, 1, 1, 0]);
  expect(best).toBe(2);
});

it('the README names every parameter and default, every output, and files that are there', () => {
  for (const [name, value] of Object.entries(clusterShiftStage.parameters.parse({})))
    expect(readme).toContain(`| \`${name}\` | ${String(value)} |`);
  for (const { file } of clusterShiftStage.outputs) expect(readme).toContain(`\`${file}\``);
  const files = [...readme.matchAll(/`([a-z-]+\.ts)`/g)].map((match) => match[1] ?? '');
  expect(files.length).toBeGreaterThan(9);
  for (const file of files) expect(existsSync(resolve(import.meta.dirname, file)), file).toBe(true);
});
