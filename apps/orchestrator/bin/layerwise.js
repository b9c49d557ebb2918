#!/usr/bin/env node
/**
 * The command `layerwise`: builds the workspace when its sources are newer than what was built, then runs it.
 *
 * Plain JavaScript, because `npm ci` links this file before anything is compiled. The build is `build.js`
 * beside this file; the command line itself is `../src/main.ts`.
 */
import { ensureBuilt } from './build.js';

const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
const supported = (major === 20 && minor >= 19) || (major === 22 && minor >= 12) || major >= 24;

if (!supported) {
  process.stderr.write(
    `layerwise: Node ${process.versions.node} is not supported; use 20.19 or later, 22.12 or later, or 24.\n`,
  );
  process.exitCode = 2;
} else if (await ensureBuilt()) {
  process.stdout.on('error', (error) => {
    // Who reads has enough (`| head`): what is left to print is of no use to anybody. A command may judge
    // other errors itself.
    if (error.code !== 'EPIPE' && process.stdout.listenerCount('error') === 1) throw error;
  });
  const { main } = await import('../dist/main.js');
  process.exitCode = await main(process.argv.slice(2));
} else {
  process.exitCode = 1;
}
