/** The README's example is `readme-example.ts`, and does what it says. */
import { readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runStage } from '@layerwise/artifacts';
import { expect, it } from 'vitest';
import { shiftSummaryStage } from '../src/index.js';
import { alternating, embeddingsOf, taskOf, written } from './example-pair.js';
import { compare } from './readme-example.js';

const read = (path: string): string => readFileSync(new URL(path, import.meta.url), 'utf8');

it('the example in the README runs as it is printed there, and says what the stage says', async () => {
  const example = read('readme-example.ts').replace('../src/index.js', '@layerwise/shift-summary');
  expect(read('../README.md')).toContain('```ts\n' + example + '```');
  const folder = await mkdtemp(join(tmpdir(), 'shift-summary-readme-'));
  try {
    const task = taskOf('reviews', 200, 100);
    const { pair, embeddings } = await written(
      folder,
      alternating(task, 'length'),
      embeddingsOf(task, 1, 0.8),
    );
    const notes = await compare(pair, embeddings[0]!);
    expect(notes.at(-1)).toMatch(/^this is a shift/);
    const { manifest } = await runStage(shiftSummaryStage, {
      parameters: {},
      inputs: { pair, embeddings },
      outputFolder: join(folder, 'out'),
    });
    expect(manifest.notes).toEqual(notes);
  } finally {
    await rm(folder, { recursive: true });
  }
});

it('the README names every parameter and output of the stage', () => {
  const readme = read('../README.md');
  for (const name of Object.keys(shiftSummaryStage.parameters.shape)) {
    const option = name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
    expect(readme).toContain(`\`--${option}`);
  }
  for (const { file } of shiftSummaryStage.outputs) expect(readme).toContain(`\`${file}\``);
});
