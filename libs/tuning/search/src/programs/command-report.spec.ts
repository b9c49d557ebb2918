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
  // Null is what a JSON that knows no NaN makes of it.
  ['{"step":2,"reward":null,"loss":1}', { step: 2, reward: null, measures: { loss: 1 } }],
  ['{"step":2,"original":null,"shifted":0.5}', { step: 2, reward: null, measures: { shifted: 0.5 } }],
  ['\uFEFF{"step":2,"reward":1}', { step: 2, reward: 1, measures: {} }],
  // Words inside of a text are left alone.
  ['{"step":1,"reward":1,"note":"a, NaN, \\\\\\" b: NaN"}', { step: 1, reward: 1, measures: {} }],
])('%s is a report', (line, report) => {
  expect(readReport(line)).toEqual({ kind: 'report', ...report });
});

it.each([
  ...['', 'epoch 1', '[1,2]', 'null', '{"loss":0.3}', '{"step":3}', '{"reward":1}', '{"reward":"good"}'],
  ...['{"step":3,"original":0.8}', '{"step":3,"original":"0.8"}', '{"step":"3","loss":1}'],
])('%s is none', (line) => {
  expect(readReport(line)).toBeNull();
});

it.each([
  ['{"step":NaN,"reward":1}', 'has the step NaN, and not a finite number'],
  ['{"step":1e400,"reward":1}', 'has the step Infinity, and not a finite number'],
  ['{"step":"3","reward":1}', 'has the step the text "3", and not a finite number'],
  ['{"step":1,"reward":"good"}', 'has the reward the text "good", and not a finite number'],
  ['{"step":1,"reward":[0.9]}', 'has the reward [0.9], and not a finite number'],
  ['{"step":1,"reward":true,"original":1,"shifted":1}', 'has the reward true, and not a finite number'],
  ['{"step":1,"original":1,"shifted":"0.5"}', 'has the shifted the text "0.5", and not a finite number'],
])('%s is meant as one, and wrong', (line, why) => {
  expect(readReport(line)).toEqual({ kind: 'wrong', why });
});

it.each(['{', '{"step":3', "{'step': 3, 'reward': 1}"])('%s cannot be read', (line) => {
  expect(readReport(line)).toEqual({
    kind: 'unread',
    why: 'is no JSON: write it as json.dumps does, in one line',
  });
});

it('knows UTF-16 by what is left of it', () => {
  const bytes = Buffer.from('\uFEFF{"step":3,"reward":1}', 'utf16le');
  expect(readReport(bytes.toString('utf8'))).toMatchObject({
    kind: 'unread',
    why: expect.stringContaining('UTF-16') as string,
  });
});

it('keeps a thousand measures, of names that are not too long', () => {
  const many = Object.fromEntries(Array.from({ length: 5000 }, (_, i) => [`m${i}`, i]));
  const line = JSON.stringify({ ['x'.repeat(201)]: 1, ...many, step: 1, reward: 1 });
  const report = readReport(line);
  expect(report).toMatchObject({ reward: 1, step: 1 });
  const { measures } = report as { measures: Record<string, number> };
  expect(Object.keys(measures)).toHaveLength(1000);
  expect(measures).not.toHaveProperty('x'.repeat(201));
});
