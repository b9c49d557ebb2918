/**
 * A search whose processes are killed a few times comes to the trials of one that was not.
 * `tools/kill-test/search-kill-test.mjs` does the killing and the comparing, there with 50 kills.
 */
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';

const tool = fileURLToPath(new URL('../../../../../tools/kill-test/search-kill-test.mjs', import.meta.url));

it('comes to the trials of an unbroken search', () => {
  const words = [tool, '--kills', '5', '--steps', '2'];
  const { status, stdout, stderr } = spawnSync(process.execPath, words, { encoding: 'utf8' });
  expect(stderr).toBe('');
  expect(stdout).toMatch(
    /^5 kills .*; 18 trials, \d+ results of \d+ runs begun; the same as those of the unbroken/,
  );
  expect(stdout).toContain('all is as it has to be');
  expect(status).toBe(0);
});
