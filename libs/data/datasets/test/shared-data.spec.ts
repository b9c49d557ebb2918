/**
 * Real tasks in GLUE's formats, where a folder with them is at hand (`$LAYERWISE_SHARED/data`, or `shared`
 * beside the repository): rows, test rows and labels as its README.md counts them.
 */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { openTask } from '../src/index.js';
import { refusal } from './scratch.js';

const shared = process.env.LAYERWISE_SHARED ?? join(import.meta.dirname, '../../../../../shared');
const data = join(shared, 'data');
const missing = !existsSync(join(data, 'glue'));
if (missing) console.warn(`Skipped: there are no tasks in ${data}.`);

/**
 * name, rows of train and dev (and test), the label that is counted and how often it occurs, pairs or not.
 */
const TASKS = [
  ['glue/SST-2', [67_349, 872], '1', [37_569, 444], false],
  ['glue/MRPC', [3668, 408, 1725], '1', [2474, 279, 1147], true],
  ['glue/RTE', [2490, 277], 'entailment', [1249, 146], true],
  ['glue/WNLI', [635, 71], '0', [323, 40], true],
  ['glue/QNLI', [10_475, 5463], 'entailment', [5227, 2702], true],
  ['glue/QQP', [18_190, 2021], '1', [6886, 699], true],
  ['glue/MNLI', [9059, 1011], 'entailment', [3150, 345], true],
  ['other/XNLI_en', [5010, 2490], 'neutral', [1670, 830], true],
  ['other/SNLI', [9818, 9842], 'entailment', [3366, 3329], true],
  ['other/SNLI_counterfactual', [8330, 1000], 'neutral', null, true],
  ['other/SICK', [3312, 368], 'neutral', null, true],
  ['other/SQuAD_QS', [18_816, 2090], 'entailment', [9408, 1045], true],
  ['other/IMDB', [6000, 1500], '1', null, false],
  ['other/AG_News', [9988, 7600], 'Sci/Tech', [2533, 1900], false],
  ['other/rt-polarity', [8937, 992], '1', null, false],
  ['other/SST-5', [8544, 1101, 2210], '0', [1092, 139, 279], false],
  ['other/Subj', [8999, 999], '1', null, false],
  ['other/CR', [3387, 375], '1', null, false],
  ['other/MPQA', [7316, 811], '1', null, false],
  ['other/BoolQ', [2937, 333], '1', null, true],
  ['other/WiC', [5428, 638], '1', [2714, 319], true],
] as const;

describe.skipIf(missing)('tasks as they are distributed', () => {
  it.each(TASKS)('%s', async (name, rows, label, counts, paired) => {
    const { task, skipped } = await openTask(join(data, name));
    const splits = [task.train, task.dev, ...(task.test === undefined ? [] : [task.test])];
    expect(splits.map((split) => split.text.length)).toEqual(rows);
    const code = task.labels.indexOf(label);
    expect(code).toBeGreaterThanOrEqual(0);
    if (counts !== null)
      expect(splits.map((split) => split.label.filter((found) => found === code).length)).toEqual(counts);
    expect(splits.every((split) => (split.pair !== null) === paired)).toBe(true);
    expect(skipped).toEqual([]);
  });

  it('STS is refused as regression', async () => {
    expect(await refusal(data, {}, join(data, 'other/STS'))).toMatch(
      /^\$\/other\/STS\/train\.tsv holds scores .* regression/,
    );
  });

  it('SST-2 takes well under a second of processor time', async () => {
    const before = process.cpuUsage();
    await openTask(join(data, 'glue/SST-2'));
    const { user, system } = process.cpuUsage(before);
    expect((user + system) / 1000).toBeLessThan(1000);
  });
});
