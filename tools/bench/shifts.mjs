#!/usr/bin/env node
/**
 * Times the stages of a shift on a real task, from an empty folder, each as a person runs it: seconds, and
 * the most memory that its process held. The pictures stay in --out.
 *
 *   node tools/bench/shifts.mjs --task $GLUE/SST-2 --encoder DIR --out DIR
 *
 * Memory is read from /proc every 100 ms, so it is given on Linux alone.
 */
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { clearInterval, setInterval } from 'node:timers';
import { parseArgs } from 'node:util';
import { residentMegabytes } from './src/memory.mjs';
import { run } from './src/processes.mjs';
import { LAYERWISE } from './src/workspace.mjs';

const { values } = parseArgs({
  options: { task: { type: 'string' }, encoder: { type: 'string' }, out: { type: 'string' } },
});
const { task, encoder, out } = values;
if (task === undefined || encoder === undefined || out === undefined) {
  console.error('--task, --encoder and --out are needed');
  process.exit(2);
}

const at = (stage) => join(out, stage);
// The task is imported into the data cache, which has to be empty too.
const common = ['--data-cache', at('data-cache')];
const stages = [
  ['length-shift', ['--task', task]],
  ['embed', ['--task', task, '--encoder', encoder]],
  ['cluster-shift', ['--task', task, '--embeddings', at('embed')]],
  ['projection', ['--task', task, '--embeddings', at('embed'), '--clusters', at('cluster-shift')]],
  ['shift-summary', ['--pair', at('length-shift'), '--embeddings', at('embed')]],
];

async function measured(stage, words) {
  let megabytes = 0;
  let watch;
  try {
    const { seconds } = await run(process.execPath, [LAYERWISE, 'stage', stage, ...words], {
      signal: new globalThis.AbortController().signal,
      label: stage,
      onLine: (line) => console.error(line),
      onStart: (pid) => {
        watch = setInterval(
          () => (megabytes = Math.max(megabytes, residentMegabytes(pid, 'VmHWM') ?? 0)),
          100,
        );
      },
    });
    return { seconds, megabytes };
  } finally {
    clearInterval(watch);
  }
}

for (const [stage] of stages) rmSync(at(stage), { recursive: true, force: true });
rmSync(at('data-cache'), { recursive: true, force: true });
let whole = 0;
for (const [stage, words] of stages) {
  const { seconds, megabytes } = await measured(stage, [...words, ...common, '--out', at(stage)]);
  whole += seconds;
  console.log(
    `${stage.padEnd(14)} ${seconds.toFixed(1).padStart(7)} s ${megabytes.toFixed(0).padStart(6)} MiB`,
  );
}
console.log(`${'together'.padEnd(14)} ${whole.toFixed(1).padStart(7)} s`);
