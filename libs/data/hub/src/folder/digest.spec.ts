import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { fileContent, parseDigest } from './digest.js';

const folder = mkdtempSync(join(tmpdir(), 'hub-digest-'));
afterAll(() => {
  rmSync(folder, { recursive: true });
});

// From outside: `printf 'hello\n' | git hash-object --stdin`, `printf 'hello\n' | sha256sum`, git's empty
// blob.
const HELLO_GIT = 'ce013625030ba8dba906f756967f9e9ca394464a';
const HELLO_SHA = '5891b5b522d5df086d0ff0b110fbd9d21bb4fc7163af34d08286a2e846f6be03';
const EMPTY_GIT = 'e69de29bb2d1d6434b8b29ae775ad8c2e48c5391';

describe('fileContent', () => {
  it('computes what git and sha256sum compute', async () => {
    const path = join(folder, 'hello');
    writeFileSync(path, 'hello\n');
    const expected = { bytes: 6, sha256: HELLO_SHA, matches: true };
    expect(await fileContent(path, { kind: 'git-sha1', hex: HELLO_GIT })).toEqual(expected);
    expect(await fileContent(path, { kind: 'sha256', hex: HELLO_SHA })).toEqual(expected);
    expect(await fileContent(path, null)).toEqual(expected);
    expect(await fileContent(path, { kind: 'git-sha1', hex: EMPTY_GIT })).toEqual({
      ...expected,
      matches: false,
    });
    writeFileSync(path, '');
    expect(await fileContent(path, { kind: 'git-sha1', hex: EMPTY_GIT })).toMatchObject({
      bytes: 0,
      matches: true,
    });
  });
});

describe('parseDigest', () => {
  it('tells the two by their length, with or without quotes, and nothing else', () => {
    expect(parseDigest(`"${HELLO_SHA.toUpperCase()}"`)).toEqual({ kind: 'sha256', hex: HELLO_SHA });
    expect(parseDigest(`W/"${HELLO_GIT}"`)).toEqual({ kind: 'git-sha1', hex: HELLO_GIT });
    for (const other of ['"d41d8cd98f00b204e9800998ecf8427e-5"', '', null, undefined, 'g'.repeat(40)]) {
      expect(parseDigest(other)).toBe(null);
    }
  });
});
