/** Which line of stderr says why a command failed. */
import { expect, it } from 'vitest';
import { failureReason } from './failure-reason.js';

const traceback = ['Traceback (most recent call last):', '  File "x.py", line 1, in f', '    f()'];
const later = ['/usr/lib/x.py:216: UserWarning: 1 leaked semaphore', '  warnings.warn('];

it.each<[string, string[], string | null]>([
  ['nothing', [], null],
  ['empty lines', ['', '  '], null],
  ['a line', ['starting', 'out of memory', ''], 'out of memory'],
  ['a traceback, then warnings', [...traceback, 'RuntimeError: CUDA', ...later], 'RuntimeError: CUDA'],
  [
    'one exception in the handling of another, then other words',
    [
      ...[...traceback, 'KeyError: 1', '', 'During handling of the above exception, another occurred:', ''],
      ...[...traceback, 'ValueError: bad rate', 'some library: bye'],
    ],
    'ValueError: bad rate',
  ],
  [
    'a prefix on each line, as torchrun writes',
    [...[...traceback, 'RuntimeError: NCCL'].map((line) => `[rank0]: ${line}`), 'W1201 terminating'],
    'RuntimeError: NCCL',
  ],
  [
    'two ranks at once',
    [
      ...['[rank1]: Traceback (most recent call last):', '[rank0]: Traceback (most recent call last):'],
      ...['[rank1]:   File "x"', '[rank0]:   File "x"', '[rank1]: OSError: gone', '[rank0]: KeyError: 3'],
    ],
    'KeyError: 3',
  ],
  [
    'a group of exceptions',
    [
      '  + Exception Group Traceback (most recent call last):',
      ...[
        '  |   File "x"',
        '  | ExceptionGroup: two (1 sub-exception)',
        '  +-+---------------- 1 ----------------',
      ],
      ...['    | Traceback (most recent call last):', '    |   File "x"', '    | ValueError: 1'],
      '    +------------------------------------',
    ],
    'ValueError: 1',
  ],
  [
    'what Python could not tell on its way out',
    [
      ...[...traceback, 'RuntimeError: CUDA', 'Exception ignored in: <function Pool.__del__ at 0x7f>'],
      ...[...traceback, "AttributeError: 'Pool' object has no attribute 'x'"],
    ],
    'RuntimeError: CUDA',
  ],
  ['a message of several lines', [...traceback, 'RuntimeError: sizes:', '\tlayer.0'], 'RuntimeError: sizes:'],
  [
    'a syntax error, which has no traceback',
    ['  File "x"', '    f(', '     ^', 'SyntaxError: no'],
    'SyntaxError: no',
  ],
  ['warnings after a word', ['cannot open data', ...later], 'cannot open data'],
  ['warnings alone', later, 'warnings.warn('],
  [
    'a stack of Node',
    [
      '/x.js:1',
      'throw new Error("bad")',
      '^',
      '',
      'Error: bad',
      '    at f (/x.js:1:7)',
      '',
      'Node.js v20.1.0',
    ],
    'Error: bad',
  ],
  ['a traceback that is cut off', [...later, ...traceback], 'f()'],
])('%s', (_, lines, reason) => {
  expect(failureReason(lines)).toBe(reason);
});
