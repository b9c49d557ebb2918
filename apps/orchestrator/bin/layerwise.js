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

// Who reads may have enough (`| head`), or a disk may be full: no work ends for that. Of a result that is
// lost `../src/running/run-command.ts` tells.
process.stdout.on('error', () => undefined);
process.stderr.on('error', () => undefined);

if (!supported) {
  process.stderr.write(
    `layerwise: Node ${process.versions.node} is not supported; use 20.19 or later, 22.12 or later, or 24.\n`,
  );
  process.exitCode = 2;
} else if (await ensureBuilt()) {
  const { main } = await import('../dist/main.js');
  process.exitCode = await main(process.argv.slice(2));
} else {
  process.exitCode = 1;
}
