/** The reader of the authors' logs: what it takes, and what it refuses with trial and value. */
import { describe, expect, it } from 'vitest';
import { InputError } from '@layerwise/errors';
import { parseAuthorLog, readAuthorLog } from './author-log.js';

const rates = Array.from({ length: 10 }, (_, i) => `${i + 1}e-6`);
const trial = ['0.9', '0.8', '0.75', ...rates];

/** Two trials, the second with `word` in `column`. */
const withWord = (column: number, word: string): string =>
  [...trial, ...trial.map((value, i) => (i === column ? word : value))].join(',');

it('takes trials in their order: the reward is p_s + p_o, without the accuracy before', () => {
  const better = ['0.1', '0.85', '0.75', ...rates];
  const read = parseAuthorLog([...trial, ...better].join(','), 'a.csv');
  expect(read.map(({ number }) => number)).toEqual([0, 1]);
  expect(read.map(({ reward }) => reward)).toEqual([0.8 + 0.75, 0.85 + 0.75]);
  expect(read[1]?.rates).toEqual([1e-6, 2e-6, 3e-6, 4e-6, 5e-6, 6e-6, 7e-6, 8e-6, 9e-6, 10e-6]);
});

it('takes a comma at the end, line breaks and spaces', () => {
  const plain = parseAuthorLog([...trial, ...trial].join(','), 'a.csv');
  expect(parseAuthorLog(`${trial.join(', ')}\r\n${trial.join(', ')},\n\n`, 'a.csv')).toEqual(plain);
});

describe('refuses, naming file, trial and value,', () => {
  it.each<[string, string, string]>([
    ['NaN', withWord(1, 'nan'), 'a.csv, trial 1: p_s is "nan", which is not a finite number'],
    ['a word', withWord(4, 'x1'), 'a.csv, trial 1: lr_1 is "x1", which is not a finite number'],
    ['nothing', withWord(2, ''), 'a.csv, trial 1: p_o is "", which is not a finite number'],
    ['a hexadecimal number', withWord(3, '0x10'), 'a.csv, trial 1: lr_0 is "0x10"'],
    ['infinity by overflow', withWord(3, '1e999'), 'a.csv, trial 1: lr_0 is "1e999"'],
    [
      'an accuracy above 1',
      withWord(2, '1.2'),
      'a.csv, trial 1: p_o is "1.2", and an accuracy is from 0 to 1',
    ],
    ['an accuracy below 0', withWord(0, '-0.1'), 'trial 1: accuracy on D_o before phase 2 is "-0.1"'],
    ['a rate of 0', withWord(12, '0'), 'a.csv, trial 1: lr_9 is "0", and a learning rate is above 0'],
    [
      'a rate below 0',
      withWord(7, '-1e-5'),
      'a.csv, trial 1: lr_4 is "-1e-5", and a learning rate is above 0',
    ],
    [
      'a value too few',
      [...trial, ...trial.slice(0, 12)].join(','),
      'trial 1: it ends after 12 of 13 numbers, at "9e-6"',
    ],
    [
      'a value too many',
      [...trial, '0.5'].join(','),
      'a.csv, trial 1: it ends after 1 of 13 numbers, at "0.5"',
    ],
    [
      'a value too many in the middle',
      [...trial.slice(0, 5), '2e-6', ...trial.slice(5), ...trial].join(','),
      'a.csv, trial 1: lr_0 is "0.75", and a learning rate is at most 0.1: is a number missing before it',
    ],
    ['an empty file', ' \n', 'a.csv is empty'],
    [
      'what is no text, by its beginning',
      `\u0000\u001b[2J${'\ufffd'.repeat(5000)}`,
      `a.csv, trial 0: accuracy on D_o before phase 2 is "\ufffd\ufffd[2J${'\ufffd'.repeat(25)}…", which`,
    ],
  ])('%s', (_, text, sentence) => {
    expect(() => parseAuthorLog(text, 'a.csv')).toThrow(InputError);
    expect(() => parseAuthorLog(text, 'a.csv')).toThrow(sentence);
  });

  it('a file that is not there', () => {
    expect(() => readAuthorLog('/no/such.csv')).toThrow(
      'There is no file /no/such.csv; give the trials.arrow',
    );
    expect(() => readAuthorLog('/')).toThrow(InputError);
  });
});
