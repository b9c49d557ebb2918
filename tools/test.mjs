/**
 * `npm test`: the tests of every project, by Nx; words behind it go to Nx. Where any fail, the last lines name
 * them: Nx itself ends with the names of projects, far below what failed in them.
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { sumTests } from './lint/sum-tests.mjs';

const given = process.env.LAYERWISE_TEST_REPORTS;
const reports = given ?? mkdtempSync(join(tmpdir(), 'layerwise-tests-'));

const { status } = spawnSync(
  process.execPath,
  [
    createRequire(import.meta.url).resolve('nx/bin/nx.js'),
    ...['run-many', '-t', 'test', ...process.argv.slice(2)],
  ],
  {
    cwd: dirname(import.meta.dirname),
    stdio: 'inherit',
    env: { ...process.env, LAYERWISE_TEST_REPORTS: reports },
  },
);
if (status !== 0) {
  const { lines } = sumTests(reports);
  const none = 'No spec reports a failure: a build failed, or a whole project, as is said above.';
  console.log(`\n${lines.length === 0 ? none : lines.join('\n')}`);
}
if (given === undefined) rmSync(reports, { recursive: true });
process.exitCode = status ?? 1;
