/** The stage `report`: whatever other stages have left, as one page. */
import { join } from 'node:path';
import { defineStage } from '@layerwise/artifacts';
import { z } from 'zod';
import { writeReport } from './write-report.js';

export const reportStage = defineStage({
  name: 'report',
  version: 1,
  description: 'Makes one page of whatever other stages have left: forgetting, and what was done about it.',
  after: [
    'dataset-shift',
    'length-shift',
    'cluster-shift',
    'shift-summary',
    'projection',
    'finetune',
    'search',
    'combination',
    'evaluation',
  ],
  parameters: z.object({}),
  inputs: {
    from: {
      reads: 'path',
      many: true,
      optional: true,
      description: 'folders of stages and commands, at any depth',
    },
  },
  outputs: [{ file: 'report.html', description: 'the page; it needs no other file and no network' }],
  async run({ inputs, outputFolder }) {
    const { summary, made } = await writeReport(inputs('from'), join(outputFolder, 'report.html'));
    return { counts: made, notes: summary };
  },
});
