// Compiles every libs/*/*/wasm/*.c to the .wasm beside it.
//
//   node tools/wasm/build.mjs                 writes the .wasm files and records the compiler's version
//   node tools/wasm/build.mjs --check [LIB]   compiles to a temporary folder and compares bytes with what is committed:
//                                             exit 0 the same, 1 different, 3 not comparable (no clang, or
//                                             another version)
//
// Needs clang and wasm-ld (Debian: `apt-get install clang lld`). The version in toolchain.json made the
// committed files; another one makes other bytes that do the same.
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join, relative } from 'node:path';

const root = join(import.meta.dirname, '..', '..');
const record = join(import.meta.dirname, 'toolchain.json');

// No stack and no static data: a kernel owns nothing of the memory that it is handed. -fno-builtin keeps
// loops from becoming calls of memset and memcpy, which do not exist here.
const flags = [
  ...['--target=wasm32', '-O3', '-msimd128', '-nostdlib', '-fno-builtin', '-ffp-contract=off'],
  ...['-Wall', '-Wextra', '-Werror', '-Wno-overlength-strings'],
  ...['no-entry', 'import-memory', 'strip-all', 'initial-memory=65536', '-z,stack-size=0'].map((flag) =>
    flag.startsWith('-') ? `-Wl,${flag}` : `-Wl,--${flag}`,
  ),
];

function sourcesOf(lib) {
  return readdirSync(join(root, 'libs'))
    .flatMap((floor) => readdirSync(join(root, 'libs', floor)).map((name) => join(floor, name)))
    .filter((path) => lib === undefined || basename(path) === lib)
    .flatMap((path) => {
      const folder = join(root, 'libs', path, 'wasm');
      try {
        const files = readdirSync(folder).filter((file) => file.endsWith('.c'));
        return files.sort().map((file) => join(folder, file));
      } catch {
        return []; // a lib without kernels
      }
    });
}

/** "14.0.6", or undefined where clang or its linker is missing. */
function installedVersion() {
  if (spawnSync('wasm-ld', ['--version']).status !== 0) return undefined;
  const answer = spawnSync('clang', ['--version'], { encoding: 'utf8' });
  return answer.status === 0 ? /version (\d+\.\d+\.\d+)/.exec(answer.stdout)?.[1] : undefined;
}

function compile(source, target) {
  execFileSync('clang', [...flags, '-o', target, source], { stdio: 'inherit' });
}

function build(sources, version) {
  for (const source of sources) {
    const target = source.replace(/\.c$/, '.wasm');
    compile(source, target);
    console.log(`${relative(root, target)}: ${readFileSync(target).length} bytes`);
  }
  writeFileSync(record, `{ "clang": "${version}" }\n`);
}

/** Names of the committed files that differ from what their source compiles to. */
function differing(sources) {
  const folder = mkdtempSync(join(tmpdir(), 'layerwise-wasm-'));
  try {
    return sources.filter((source) => {
      const rebuilt = join(folder, basename(source) + '.wasm');
      compile(source, rebuilt);
      return !readFileSync(rebuilt).equals(readFileSync(source.replace(/\.c$/, '.wasm')));
    });
  } finally {
    rmSync(folder, { recursive: true });
  }
}

const [mode, lib] = process.argv.slice(2);
const version = installedVersion();
if (mode === '--check') {
  const recorded = JSON.parse(readFileSync(record, 'utf8')).clang;
  if (version !== recorded) {
    console.log(
      `The committed WebAssembly was built by clang ${recorded}; here is ${version ?? 'no clang with wasm-ld'}.`,
    );
    process.exit(3);
  }
  const changed = differing(sourcesOf(lib));
  for (const source of changed) {
    console.log(
      `${relative(root, source)} compiles to other bytes than are committed: run node tools/wasm/build.mjs.`,
    );
  }
  process.exit(changed.length === 0 ? 0 : 1);
}
if (version === undefined) {
  console.error('clang and wasm-ld are needed to compile the kernels (Debian: apt-get install clang lld).');
  process.exit(3);
}
build(sourcesOf(), version);
