/**
 * Each lint rule that the plan of the workspace rests on is broken on purpose, in a text that stands in for
 * an existing file, and must be reported. A rule that is switched off, or no longer finds what it looks for,
 * turns its test red.
 */
import { execFileSync } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { ESLint } from 'eslint';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { floors } from '../../../eslint.config.js';

const root = resolve(import.meta.dirname, '../../..');
const planted = join(root, 'tools/lint/dist/planted');

let eslint: ESLint;

beforeAll(() => {
  // The boundary rule says nothing without Nx' project graph: have it made.
  execFileSync(process.execPath, [join(root, 'node_modules/.bin/nx'), 'show', 'projects'], {
    cwd: root,
    env: { ...process.env, NX_DAEMON: 'false', CI: 'true' },
  });
  eslint = new ESLint({ cwd: root, ignore: false });
});

afterAll(() => {
  rmSync(planted, { recursive: true, force: true });
});

/** The messages for `text` in place of the file `path`, as "rule: message". */
async function lint(text: string, path: string): Promise<string[]> {
  const results = await eslint.lintText(`${text}\n`, { filePath: join(root, path) });
  return results.flatMap(({ messages }) =>
    messages.map(({ ruleId, message }) => `${ruleId ?? 'fatal'}: ${message.replace(/\s+/g, ' ')}`),
  );
}

/** The index file of a lib, whichever floor it is on. */
function indexOf(lib: string): string {
  const floor = readdirSync(join(root, 'libs')).find((name) =>
    readdirSync(join(root, 'libs', name)).includes(lib),
  );
  if (floor === undefined) throw new Error(`There is no lib ${lib}.`);
  return `libs/${floor}/${lib}/src/index.ts`;
}

describe('the floors', () => {
  const order = Object.entries(floors as Record<string, Record<string, readonly string[]>>);

  it('are the folders, and each lib lies on its own', () => {
    const folders = Object.fromEntries(
      readdirSync(join(root, 'libs')).map((floor) => [floor, readdirSync(join(root, 'libs', floor)).sort()]),
    );
    expect(folders).toEqual(
      Object.fromEntries(order.map(([floor, libs]) => [floor, Object.keys(libs).sort()])),
    );
  });

  it('stand on those below: no lib imports from a floor above its own', () => {
    const level = new Map(order.flatMap(([, libs], index) => Object.keys(libs).map((lib) => [lib, index])));
    const upward = order.flatMap(([, libs], index) =>
      Object.entries(libs).flatMap(([lib, others]) =>
        others.filter((other) => (level.get(other) ?? Infinity) > index).map((other) => `${lib} → ${other}`),
      ),
    );
    expect(upward).toEqual([]);
  });
});

const boundary = '@nx/enforce-module-boundaries';

describe('who may import whom', () => {
  it.each([
    ['hub', 'datasets'],
    ['artifacts', 'datasets'],
    ['engine', 'model'],
    ['datasets', 'model'],
    ['optimizers', 'model'],
    ['finetune', 'datasets'],
    ['finetune', 'orchestrator'],
  ])('%s may not import %s', async (from, to) => {
    const messages = await lint(`export * from '@layerwise/${to}';`, indexOf(from));
    expect(messages.some((message) => message.startsWith(boundary))).toBe(true);
  });

  it.each([
    ['hub', 'errors'],
    ['hub', 'artifacts'],
    ['datasets', 'artifacts'],
    ['model', 'engine'],
    ['finetune', 'optimizers'],
  ])('%s may import %s', async (from, to) => {
    expect(await lint(`export * from '@layerwise/${to}';`, indexOf(from))).toEqual([]);
  });

  it('the app may import every lib, also when it runs', async () => {
    const text = `export * from '@layerwise/hub';\nexport const later = () => import('@layerwise/engine');`;
    expect(await lint(text, 'apps/orchestrator/src/index.ts')).toEqual([]);
  });

  it('a cycle between projects is named', async () => {
    const messages = await lint(`export * from '@layerwise/hub';`, 'libs/core/errors/src/index.ts');
    expect(messages.join('\n')).toMatch(/Circular dependency between "errors" and "hub"/);
  });

  it("reaching into a neighbour's files is refused", async () => {
    const messages = await lint(
      `export * from '../../../core/errors/src/index.js';`,
      'libs/data/hub/src/index.ts',
    );
    expect(messages.some((message) => message.startsWith(boundary))).toBe(true);
  });
});

describe('third-party doors', () => {
  it.each([
    ['datasets', 'apache-arrow'],
    ['model', 'onnxruntime-node'],
    ['optimizers', '@tensorflow/tfjs-core'],
    ['finetune', '@tensorflow/tfjs-backend-wasm'],
    ['engine', 'tokenizers'],
  ])('%s may not import %s', async (lib, name) => {
    for (const text of [`export * from '${name}';`, `export const later = () => import('${name}');`]) {
      const messages = await lint(text, indexOf(lib));
      expect(messages.some((message) => message.startsWith(boundary))).toBe(true);
    }
  });

  it('the app goes through the libs', async () => {
    const messages = await lint(`export * from 'onnxruntime-node';`, 'apps/orchestrator/src/index.ts');
    expect(messages.some((message) => message.startsWith(boundary))).toBe(true);
  });

  it.each([
    ['artifacts', 'apache-arrow'],
    ['engine', 'onnxruntime-node'],
    ['engine', '@tensorflow/tfjs-core'],
    ['model', '@tensorflow/tfjs-core'],
    ['model', 'tokenizers'],
  ])('%s may import %s', async (lib, name) => {
    expect(await lint(`export * from '${name}';`, indexOf(lib))).toEqual([]);
  });
});

describe('typed rules', () => {
  it.each([
    ['@typescript-eslint/no-explicit-any', 'export const list: any[] = [];'],
    ['@typescript-eslint/no-floating-promises', 'export function start(): void { Promise.resolve(1); }'],
    [
      '@typescript-eslint/no-misused-promises',
      'export const all = (list: number[]): void => { list.forEach(async (x) => { await Promise.resolve(x); }); };',
    ],
    [
      '@typescript-eslint/no-unsafe-return',
      'export const parse = (text: string): number => JSON.parse(text);',
    ],
    [
      '@typescript-eslint/switch-exhaustiveness-check',
      `export function f(x: 'a' | 'b'): number { switch (x) { case 'a': return 1; } return 2; }`,
    ],
    ['@typescript-eslint/no-unused-vars', 'const forgotten = 1;\nexport {};'],
    ['@typescript-eslint/ban-ts-comment', '// @ts-ignore\nexport const x: number = "1";'],
  ])('%s', async (rule, text) => {
    const messages = await lint(text, 'libs/core/errors/src/index.ts');
    expect(messages.map((message) => message.split(':')[0])).toContain(rule);
  });

  it('a needless eslint-disable is an error', async () => {
    const messages = await lint(
      '// eslint-disable-next-line eqeqeq\nexport {};',
      'libs/core/errors/src/index.ts',
    );
    expect(messages.join('\n')).toContain('Unused eslint-disable directive');
  });
});

describe('import cycles between files', () => {
  it('are found through other files', async () => {
    mkdirSync(planted, { recursive: true });
    const files = {
      'tsconfig.json': '{ "extends": "../../../../tsconfig.base.json", "include": ["*.ts"] }',
      'a.ts': `import { b } from './b.js';\nexport const a = (): number => b() + 1;`,
      'b.ts': `import { c } from './c.js';\nexport const b = (): number => c() + 1;`,
      'c.ts': `import { a } from './a.js';\nexport const c = (): number => a() + 1;`,
      'straight.ts': `import { a } from './a.js';\nexport const d = a() + 1;`,
    };
    for (const [name, text] of Object.entries(files)) writeFileSync(join(planted, name), `${text}\n`);
    const results = await eslint.lintFiles([planted]);
    const withCycle = results
      .filter(({ messages }) => messages.some(({ ruleId }) => ruleId === 'import-x/no-cycle'))
      .map(({ filePath }) => filePath.slice(planted.length + 1));
    expect(withCycle.sort()).toEqual(['a.ts', 'b.ts', 'c.ts']);
  });
});

describe('comments', () => {
  /** Prettier wraps code and leaves comments; a line with aligned columns or a long word may stand wider. */
  it('are no wider than the code', () => {
    const sources = readdirSync(join(root, 'libs'), { recursive: true, encoding: 'utf8' })
      .filter((path) => path.endsWith('.ts') && !/node_modules|dist|_pb\.ts$/.test(path))
      .map((path) => join(root, 'libs', path));
    expect(sources.length).toBeGreaterThan(100);
    const wide = sources.flatMap((path) =>
      readFileSync(path, 'utf8')
        .split('\n')
        .filter(
          (line) =>
            /^\s*(\/\/|\*|\/\*)/.test(line) && line.length > 110 && !/\S {2,}\S/.test(line.trim().slice(2)),
        )
        .map((line) => `${path}: ${line}`),
    );
    expect(wide).toEqual([]);
  });
});
