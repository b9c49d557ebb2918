/** Which of the options for task files reach which task of a pair. */
import { Command } from 'commander';
import { expect, it } from 'vitest';
import { addFlags } from '../src/options/flags.js';
import { loadStage } from '../src/stages/registry.js';
import { addTaskOptions, taskOptionsOf, type TaskOptions } from '../src/options/task-options.js';

function parsed(...words: string[]): ReturnType<typeof taskOptionsOf> {
  return taskOptionsOf(addTaskOptions(new Command()).parse(words, { from: 'user' }).opts<TaskOptions>());
}

it('a common option holds for both, one with a prefix for its task alone', () => {
  expect(parsed('--label-column', 'y', '--shifted-label-column', 'z', '--train-limit', '7')).toEqual({
    original: { skipBadRows: false, trainLimit: 7, labelColumn: 'y' },
    shifted: { skipBadRows: false, trainLimit: 7, labelColumn: 'z' },
  });
  const own = ['text-column', 'pair-column', 'label-column', 'dev-file'].map((name) => [name, name] as const);
  const values = [...own, ['format', 'csv'], ['dev-split', 'mismatched']] as const;
  const all = {
    textColumn: 'text-column',
    pairColumn: 'pair-column',
    labelColumn: 'label-column',
    devFile: 'dev-file',
    format: 'csv',
    devSplit: 'mismatched',
  };
  for (const [task, other] of [
    ['original', 'shifted'],
    ['shifted', 'original'],
  ] as const) {
    const found = parsed(...values.flatMap(([name, value]) => [`--${task}-${name}`, value]));
    expect(found[task]).toEqual({ skipBadRows: false, ...all });
    expect(found[other]).toEqual({ skipBadRows: false });
  }
});

it('the limits of rows, and labels as they are written, reach the task that they are for', () => {
  const rows = { skipBadRows: true, longestText: 9, expansion: 70 };
  const words = ['--skip-bad-rows', 'yes', '--longest-text', '9', '--expansion', '70'];
  expect(parsed(...words, '--shifted-labels-as-written', 'yes')).toEqual({
    original: rows,
    shifted: { ...rows, labelsAsWritten: true },
  });
});

it('a text column of its own leaves the common pair column to the other task', () => {
  const { original, shifted } = parsed(
    ...['--text-column', 'a', '--pair-column', 'b', '--shifted-text-column', 'c'],
  );
  expect(original).toMatchObject({ textColumn: 'a', pairColumn: 'b' });
  expect(shifted).toEqual({ skipBadRows: false, textColumn: 'c' });
});

it('the stage datasets has the options of each task, with the same help', async () => {
  const stage = await loadStage('datasets');
  const ofStage = addFlags(new Command(), stage.parameters.shape).options;
  const ofCommand = addTaskOptions(new Command()).options;
  const prefixed = ofCommand.filter(({ long }) => /^--(original|shifted)-/.test(long ?? ''));
  expect(prefixed).toHaveLength(14);
  const shown = (options: typeof ofStage) =>
    options.map(({ flags, description, argChoices }) => ({ flags, description, argChoices }));
  expect(shown(ofStage)).toEqual(expect.arrayContaining(shown(prefixed)));
});
