/** The build on first use: when it runs, when it does not, and that two at once do not collide. */
import { execFile } from 'node:child_process';
import {
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { ensureBuilt } from '../bin/build.js';

const app = resolve(import.meta.dirname, '..');
const source = 'apps/orchestrator/src/index.ts';
const output = 'apps/orchestrator/dist/index.js';
let root: string;

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'layerwise-build-'));
  write('package.json', '{ "type": "module" }');
  write('package-lock.json', '{}');
  write(
    'tsconfig.base.json',
    '{ "compilerOptions": { "strict": true, "composite": true, "module": "nodenext", "lib": ["es5"], "skipLibCheck": true } }',
  );
  for (const project of ['apps/orchestrator', 'libs/core/first']) {
    write(`${project}/package.json`, '{ "type": "module" }');
    write(
      `${project}/tsconfig.lib.json`,
      `{ "extends": "${'../'.repeat(project.split('/').length)}tsconfig.base.json",
         "compilerOptions": { "rootDir": "src", "outDir": "dist", "types": [], "tsBuildInfoFile": "dist/lib.tsbuildinfo" },
         "include": ["src/**/*.ts"],
         "references": [${project.startsWith('apps') ? '{ "path": "../../libs/core/first/tsconfig.lib.json" }' : ''}] }`,
    );
  }
  write('libs/core/first/src/index.ts', 'export const one: number = 1;\n');
  write(source, 'export const answer: number = 42;\n');
  mkdirSync(join(root, 'node_modules'));
  symlinkSync(resolve(app, '../../node_modules/typescript'), join(root, 'node_modules/typescript'));
});

afterEach(() => {
  rmSync(root, { recursive: true });
});

function write(path: string, text: string): void {
  mkdirSync(dirname(join(root, path)), { recursive: true });
  writeFileSync(join(root, path), text);
}

const read = (path: string): string => readFileSync(join(root, path), 'utf8');
const state = (): string => join(root, 'state');

/** Runs the build in a process of its own, as two starts of the command would; its stderr. */
async function buildElsewhere(): Promise<string> {
  const script = `import { ensureBuilt } from ${JSON.stringify(join(app, 'bin/build.js'))};
    process.exitCode = (await ensureBuilt(${JSON.stringify(root)}, ${JSON.stringify(state())})) ? 0 : 1;`;
  const { stderr } = await promisify(execFile)(process.execPath, ['--input-type=module', '-e', script]);
  return stderr;
}

it('builds once, and again only after a change', async () => {
  expect(await ensureBuilt(root, state())).toBe(true);
  expect(read(output)).toContain('answer = 42');
  const info = join(root, 'apps/orchestrator/dist/lib.tsbuildinfo');
  utimesSync(info, 1, 1);
  expect(await ensureBuilt(root, state())).toBe(true);
  expect(statSync(info).mtimeMs, 'the second start did not call the compiler').toBe(1000);

  write(source, 'export const answer: number = 43;\n');
  expect(await ensureBuilt(root, state())).toBe(true);
  expect(read(output)).toContain('answer = 43');
});

it('builds again when a lib has changed and when an output has gone', async () => {
  await ensureBuilt(root, state());
  write('libs/core/first/src/index.ts', 'export const one: number = 2;\n');
  await ensureBuilt(root, state());
  expect(read('libs/core/first/dist/index.js')).toContain('one = 2');
  rmSync(join(root, 'libs/core/first/dist'), { recursive: true });
  await ensureBuilt(root, state());
  expect(read('libs/core/first/dist/index.js')).toContain('one = 2');
});

it('refuses to run what does not compile, also the second time', async () => {
  write(source, 'export const answer: number = "x";\n');
  expect(await ensureBuilt(root, state())).toBe(false);
  expect(await ensureBuilt(root, state())).toBe(false);
  write(source, 'export const answer: number = 44;\n');
  expect(await ensureBuilt(root, state())).toBe(true);
});

it('is done by one of two processes that start at once', async () => {
  const said = await Promise.all([buildElsewhere(), buildElsewhere()]);
  expect(said.filter((text) => text.includes('building (first use'))).toHaveLength(1);
  expect(read(output)).toContain('answer = 42');
});

it('takes over the lock of a process that was killed', async () => {
  // No process has this number: it is above the largest that Linux and macOS give.
  write('state/build.lock', '99999999');
  expect(await ensureBuilt(root, state())).toBe(true);
});
