/** Errors of the file system, really caused, as sentences. */
import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { errorCode, InputError, systemError } from './index.js';

function caught(work: () => unknown): unknown {
  try {
    work();
  } catch (error) {
    return error;
  }
  throw new Error('it should have failed');
}

it('says what the system could not do, why, and what to do', () => {
  const file = join(import.meta.dirname, 'nothing-here');
  const cause = caught(() => readFileSync(file));
  const error = systemError(cause, 'read', file, 'give another');
  expect(error).toBeInstanceOf(InputError);
  expect(error).toMatchObject({
    message: `cannot read ${file}: it does not exist (ENOENT); give another`,
    cause,
  });
  const folder = systemError(
    caught(() => readFileSync(import.meta.dirname)),
    'read',
    'src',
  );
  expect(folder).toMatchObject({ message: 'cannot read src: it is a folder (EISDIR)' });
  const file2 = systemError(
    caught(() => mkdirSync(import.meta.filename)),
    'make the folder',
    'x',
  );
  expect(file2).toMatchObject({
    message: 'cannot make the folder x: a file is where a folder should be (EEXIST)',
  });
});

it('leaves every other error as it is', () => {
  const others = [new Error('x'), new TypeError('ENOENT'), 'ENOENT', undefined];
  for (const other of others) expect(systemError(other, 'read', 'x')).toBe(other);
  // Of Node, not of the system.
  const ofNode = caught(() => readFileSync('a\0b'));
  expect(systemError(ofNode, 'read', 'x')).toBe(ofNode);
  expect(others.map(errorCode)).toEqual([undefined, undefined, undefined, undefined]);
  expect(errorCode(ofNode)).toBe('ERR_INVALID_ARG_VALUE');
});
