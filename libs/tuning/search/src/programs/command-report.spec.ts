/** Which of a command's lines are reports, and what they say. */
import { expect, it } from 'vitest';
import { readReport } from './command-report.js';

it.each([
  [
    '{"step":3,"original":0.8,"shifted":0.7}',
    { step: 3, reward: 1.5, measures: { original: 0.8, shifted: 0.7 } },
  ],
  ['  {"step": 1, "reward": -2e-3}\r', { step: 1, reward: -0.002, measures: {} }],
  // A reward of one's own goes before the sum.
  [
    '{"step":1,"reward":9,"original":0.8,"shifted":0.7,"loss":4}',
    { step: 1, reward: 9, measures: { original: 0.8, shifted: 0.7, loss: 4 } },
  ],
  [
    '{"step":0.5,"reward":1,"note":"fine","list":[1],"of":{"x":1},"nothing":null}',
    { step: 0.5, reward: 1, measures: {} },
  ],
  // Python's json.dumps writes these.
  ['{"step": 2, "reward": NaN}', { step: 2, reward: NaN, measures: {} }],
  [
    '{"step": 2, "reward": -Infinity, "loss": Infinity}',
    { step: 2, reward: -Infinity, measures: { loss: Infinity } },
  ],
  [
    '{"step": 2, "original": NaN, "shifted": 0.5}',
    { step: 2, reward: NaN, measures: { original: NaN, shifted: 0.5 } },
  ],
  // Words inside of a text are left alone.
  ['{"step":1,"reward":1,"note":"a, NaN, \\\\\\" b: NaN"}', { step: 1, reward: 1, measures: {} }],
])('%s is a report', (line, report) => {
  expect(readReport(line)).toEqual(report);
});

it.each([
  ...['', 'epoch 1', '[1,2]', '{', '{"step":3', 'null', '{"loss":0.3}', '{"step":3}', '{"reward":1}'],
  ...[
    '{"step":3,"original":0.8}',
    '{"step":NaN,"reward":1}',
    '{"step":"3","reward":1}',
    '{"step":1,"reward":"good"}',
  ],
])('%s is none', (line) => {
  expect(readReport(line)).toBeNull();
});
