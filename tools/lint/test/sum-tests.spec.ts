/** The closing line of .ci/run counts what vitest reported, a file that could not be loaded included. */
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { sumTests } from '../sum-tests.mjs';

const root = resolve(import.meta.dirname, '../../..');
let folder: string;
let reports: string;

beforeAll(() => {
  mkdirSync(join(root, 'tools/lint/dist'), { recursive: true });
  folder = mkdtempSync(join(root, 'tools/lint/dist/sum-'));
  reports = join(folder, 'reports');
  const spec = (name: string, text: string): void => {
    writeFileSync(join(folder, name), text);
  };
  spec(
    'some.spec.ts',
    `import { expect, it } from 'vitest';
     it('holds', () => { expect(1).toBe(1); });
     it('breaks', () => { expect(1).toBe(2); });
     it.skip('waits', () => { expect(1).toBe(1); });`,
  );
  spec('broken.spec.ts', `import './not-there.js';`);
  spec(
    'vitest.config.js',
    `export default { test: { reporters: ['json'], outputFile: ${JSON.stringify(join(reports, 'a.json'))} } };`,
  );
  try {
    execFileSync(process.execPath, [join(root, 'node_modules/vitest/vitest.mjs'), 'run', '--root', folder], {
      stdio: 'ignore',
    });
  } catch {
    // Two of its tests fail: that is what is counted.
  }
});

afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

it('adds up reports', () => {
  const { passed, failed, skipped, lines } = sumTests(reports);
  expect({ passed, failed, skipped }).toEqual({ passed: 1, failed: 2, skipped: 1 });
  const place = relative(root, folder).replaceAll('\\', '/');
  expect(lines.sort()).toEqual([
    expect.stringContaining(`failed: ${place}/broken.spec.ts: `),
    `failed: ${place}/some.spec.ts: breaks`,
  ]);
});
