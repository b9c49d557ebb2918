#!/usr/bin/env node
/**
 * `npm run bench`: measures this program, and PyTorch beside it where that is asked for. What is measured is
 * README.md's; the work is `src/main.mjs`.
 */
import { spawnSync } from 'node:child_process';
import { LAYERWISE } from './src/workspace.mjs';

// Builds what has changed, which the rest of this program imports.
const { status } = spawnSync(process.execPath, [LAYERWISE, '--version'], {
  stdio: ['ignore', 'ignore', 'inherit'],
});
if (status === 0) {
  const { main } = await import('./src/main.mjs');
  process.exitCode = await main(process.argv.slice(2));
} else {
  process.exitCode = 1;
}
