import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import {
  describeFetch,
  fetchModel,
  fetchTask,
  settingsFromEnvironment,
  type Progress,
} from '../src/index.js';
import { bench, bert, CONFIG } from './bench.js';
import { noise } from './content.js';

it('runs the example of the README and prints what it says', async () => {
  const b = await bench(bert(), {
    kind: 'dataset',
    id: 'nyu-mll/glue',
    revisions: {
      main: {
        'mrpc/train-00000-of-00001.parquet': noise(9000, 1),
        'mrpc/validation-00000-of-00001.parquet': noise(8500, 2),
      },
    },
  });
  const cacheFolder = b.cache;
  const env = { HF_ENDPOINT: b.hub.endpoint, HF_HOME: join(b.cache, 'none') };

  // The README's example begins.
  const steps: string[] = [];
  const options = {
    cacheFolder,
    ...settingsFromEnvironment(env),
    onProgress: ({ file, received, total }: Progress) => steps.push(`${file} ${received} of ${total ?? '?'}`),
  };
  const encoder = await fetchModel('bert-base-uncased', options);
  const task = await fetchTask('glue/mrpc', options);
  const lines = [...describeFetch(encoder), ...describeFetch(task)];
  // The README's example ends.

  const [readme, self] = await Promise.all(
    ['../README.md', 'readme.spec.ts'].map((path) => readFile(new URL(path, import.meta.url), 'utf8')),
  );
  const block = (language: string): string =>
    new RegExp(`\`\`\`${language}\n(.*?)\`\`\``, 's').exec(readme ?? '')?.[1] ?? 'none';
  const run = /example begins\.\n(.*?) *\/\/ The README's example ends/s.exec(self ?? '')?.[1] ?? '';
  expect(block('ts')).toBe(run.replace(/^ {2}/gm, ''));

  const printed = lines
    .map((line) => line.replace(/commit [0-9a-f]{12}/, 'commit COMMIT').replace(b.cache, 'CACHE'))
    .join('\n');
  expect(`${printed}\n`).toBe(block('text'));
  expect(steps).toContain(`config.json ${CONFIG.length} of ${CONFIG.length}`);
  expect(steps.at(-1)).toBe('validation-00000-of-00001.parquet 8500 of 8500');
});
