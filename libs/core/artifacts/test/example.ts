import { join } from 'node:path';
import { defineStage, defineTable, readTable, renderTable, runStage, writeTable } from '../src/index.js';
import { z } from 'zod';

// A hand-off: what the file holds, declared once for writer and readers.
const lossTable = defineTable({
  name: 'losses',
  version: 1,
  description: 'Loss of each step',
  columns: [
    { name: 'step', type: 'int32', description: 'from 0' },
    { name: 'loss', type: 'float32', unit: 'nats', description: 'cross-entropy of the batch' },
    { name: 'remark', type: 'utf8', nullable: true, description: 'null where all is well' },
  ],
  metadataKeys: ['task'],
});

// A stage: what comes in, what goes out, how.
const halving = defineStage({
  name: 'halving',
  version: 1,
  description: 'A loss that halves with every step',
  parameters: z.object({ steps: z.int().positive(), seed: z.int().default(1) }),
  after: [],
  outputs: [{ file: 'losses.arrow', table: lossTable, description: 'a row a step' }],
  run: async ({ parameters, outputFolder }) => {
    const step = Int32Array.from({ length: parameters.steps }, (_, i) => i);
    const loss = Float32Array.from(step, (i) => 0.5 ** i);
    const remark = [...loss].map((value) => (value < 0.2 ? 'low' : null));
    await writeTable(join(outputFolder, 'losses.arrow'), lossTable, { step, loss, remark }, { task: 'toy' });
    return undefined;
  },
});

export async function example(folder: string): Promise<string> {
  const options = { parameters: { steps: 4 }, inputs: {}, outputFolder: folder };
  const { manifest } = await runStage(halving, options); // writes losses.arrow, then manifest.json
  const { skipped } = await runStage(halving, options); // nothing changed: true

  const file = join(folder, 'losses.arrow');
  const table = await readTable(file, lossTable); // refused if it is not what it should be
  const loss: Float32Array = table.column('loss'); // a view of the file's bytes

  const summary = `${String(manifest.seed)} ${skipped} ${table.metadata.task} ${loss.join(' ')}`;
  return `${summary}\n${await renderTable(file, { limit: 2 })}`;
}
