/**
 * The measures of `tools/lint/measure.mjs` on a small workspace made for it, counted by hand, and what holds
 * here.
 */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, relative } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { declarationsOf, importCycles, measure, sourcesOf } from '../measure.mjs';

const files = {
  'libs/core/one/src/index.ts': `export { a, type B } from './a.js';\nexport { c } from './c.js';\n`,
  'libs/core/one/src/a.ts': `/** A. */\nimport { c } from './c.js';\n\nexport type B = number;\nexport const a = c;\n`,
  'libs/core/one/src/c.ts': `import type { B } from './a.js';\nexport const c: B = 1;\n`,
  'libs/core/one/src/a.spec.ts': `export const test = 1;\n`,
  'libs/core/one/test/help.ts': `export const help = 1;\n`,
  'libs/core/one/src/options.ts': `export const o = z.object({ groupByLength: z.boolean().optional() });\n`,
  'apps/app/src/run.ts': `export const flag = '--group-by-length <x>';\nexport const run = (o: { groupByLength: 1 }) => o;\n`,
  'tools/t.mjs': `export const groupByLength = 1;\n`,
};
let root: string;

beforeAll(() => {
  root = mkdtempSync(join(tmpdir(), 'layerwise-measure-'));
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
  }
});

afterAll(() => {
  rmSync(root, { recursive: true });
});

describe('measures', () => {
  it('leave out tests and what helps them', () => {
    expect(measure(root)).toMatchObject({
      'lines without tests': 2 + 5 + 2 + 1 + 2 + 1,
      'of them neither blank nor comment': 2 + 3 + 2 + 1 + 2 + 1,
      files: 6,
      'exports a barrel, most': 3,
    });
  });

  it('find a circle that types close', () => {
    const cycles = importCycles(sourcesOf(root)).map((group) => group.map((file) => relative(root, file)));
    expect(cycles).toEqual([['libs/core/one/src/a.ts', 'libs/core/one/src/c.ts']]);
  });

  it('tell a declaration of an option from a use', () => {
    const places = declarationsOf(sourcesOf(root), 'groupByLength').map((file) => relative(root, file));
    expect(places.sort()).toEqual(['apps/app/src/run.ts', 'libs/core/one/src/options.ts']);
  });
});

describe('this workspace', () => {
  const here = join(import.meta.dirname, '../../..');

  it('has no circle of imports, not even of types', () => {
    expect(importCycles(sourcesOf(here)).map((group) => group.map((file) => relative(here, file)))).toEqual(
      [],
    );
  });
});
