/**
 * Compiles the workspace on first use and whenever a source has changed, so that `npx layerwise` works
 * straight after `npm ci` and never runs yesterday's code.
 *
 * Whether anything changed is read off paths, sizes and modification times (a few milliseconds), compared
 * with those of the last build. Messages go to stderr: stdout belongs to the command.
 */
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { closeSync, existsSync, mkdirSync, openSync, readFileSync, readdirSync } from 'node:fs';
import { rmSync, statSync, writeFileSync, writeSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

const workspace = resolve(dirname(fileURLToPath(import.meta.url)), '../../..');
const cache = join(workspace, 'node_modules/.cache/layerwise');

/**
 * @param {string} [root] the workspace to build
 * @param {string} [state] where the stamp and the lock of the build lie
 * @returns {Promise<boolean>} whether what stands in `dist` is what the sources say
 */
export async function ensureBuilt(root = workspace, state = cache) {
  const stamp = join(state, 'built');
  if (isCurrent(root, stamp)) return true;
  mkdirSync(state, { recursive: true });
  const release = await acquire(join(state, 'build.lock'));
  try {
    // Another process may have built while this one waited for the lock.
    return isCurrent(root, stamp) || build(root, stamp);
  } finally {
    release();
  }
}

/** @param {string} root @param {string} stamp */
function isCurrent(root, stamp) {
  if (!projects(root).every((project) => existsSync(join(project, 'dist/index.js')))) return false;
  return existsSync(stamp) && readFileSync(stamp, 'utf8') === fingerprint(root);
}

/** @param {string} root @param {string} stamp */
function build(root, stamp) {
  const compiler = compilerOf(root);
  if (compiler === undefined) {
    process.stderr.write('layerwise: TypeScript is not installed, run `npm ci` in the workspace first.\n');
    return false;
  }
  process.stderr.write('layerwise: building (first use, or sources have changed) ...\n');
  // Taken before the build: a file edited while it runs must make the next start build again.
  const built = fingerprint(root);
  const { status, stdout } = spawnSync(
    process.execPath,
    [compiler, '-b', join(root, 'apps/orchestrator/tsconfig.lib.json')],
    { cwd: root, encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'] },
  );
  process.stderr.write(stdout);
  if (status !== 0) {
    process.stderr.write("layerwise: the build failed, see TypeScript's messages above.\n");
    return false;
  }
  writeFileSync(stamp, built);
  return true;
}

/** @param {string} root */
function compilerOf(root) {
  try {
    return createRequire(join(root, 'package.json')).resolve('typescript/bin/tsc');
  } catch {
    return undefined;
  }
}

/** Every folder with TypeScript sources that the command is made of. @param {string} root */
function projects(root) {
  const floors = foldersIn(join(root, 'libs'));
  return [...floors, join(root, 'apps')]
    .flatMap(foldersIn)
    .filter((folder) => existsSync(join(folder, 'src/index.ts')));
}

/** @param {string} folder */
function foldersIn(folder) {
  return readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map((entry) => join(folder, entry.name));
}

/** Paths, sizes and times of everything that decides what the build produces. @param {string} root */
function fingerprint(root) {
  const hash = createHash('sha256');
  /** @param {string} path */
  const add = (path) => {
    const { size, mtimeMs } = statSync(path);
    hash.update(`${path}\0${size}\0${mtimeMs}\n`);
  };
  for (const file of ['tsconfig.base.json', 'package-lock.json']) add(join(root, file));
  for (const project of projects(root)) {
    add(join(project, 'package.json'));
    add(join(project, 'tsconfig.lib.json'));
    const sources = readdirSync(join(project, 'src'), { recursive: true, encoding: 'utf8' });
    for (const name of sources.sort()) {
      if (/\.(ts|js|json)$/.test(name) && !name.endsWith('.spec.ts')) add(join(project, 'src', name));
    }
  }
  return hash.digest('hex');
}

/**
 * Waits until this process alone holds the file `lock`, and returns how to give it back. A lock whose
 * process has died (or was killed) is taken over.
 * @param {string} lock
 */
async function acquire(lock) {
  for (let announced = false; ;) {
    try {
      const file = openSync(lock, 'wx');
      writeSync(file, String(process.pid));
      closeSync(file);
      return () => rmSync(lock, { force: true });
    } catch (error) {
      if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error;
    }
    if (isAbandoned(lock)) {
      rmSync(lock, { force: true });
      continue;
    }
    if (!announced) process.stderr.write('layerwise: waiting for another process that is building ...\n');
    announced = true;
    await new Promise((wake) => setTimeout(wake, 100));
  }
}

/** @param {string} lock */
function isAbandoned(lock) {
  try {
    const owner = Number(readFileSync(lock, 'utf8'));
    // Between creating the file and writing the number there is a moment without one.
    if (!owner) return Date.now() - statSync(lock).mtimeMs > 5000;
    process.kill(owner, 0);
    return false;
  } catch (error) {
    // ESRCH: no such process. EPERM: it lives and belongs to somebody else. ENOENT: the lock has just gone.
    return error instanceof Error && 'code' in error && error.code === 'ESRCH';
  }
}
