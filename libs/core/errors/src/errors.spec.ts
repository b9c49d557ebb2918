/** What the command line relies on: an InputError is told apart from every other error. */
import { expect, it } from 'vitest';
import { InputError } from './index.js';

it('is an Error of its own kind, with its sentence and cause', () => {
  const cause = new Error('ENOENT');
  const error = new InputError('train.tsv does not exist: give the folder of a task.', { cause });
  expect(error).toBeInstanceOf(Error);
  expect(error.name).toBe('InputError');
  expect(error.message).toBe('train.tsv does not exist: give the folder of a task.');
  expect(error.cause).toBe(cause);
});

it('is what no other error is', () => {
  for (const other of [new Error('x'), new TypeError('x'), new RangeError('x')]) {
    expect(other).not.toBeInstanceOf(InputError);
  }
});
