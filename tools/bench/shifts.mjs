#!/usr/bin/env node
/**
 * Times the stages of a shift on a real task, from an empty folder, each as a person runs it: seconds, and
 * the most memory that its process held. The pictures stay in --out.
 *
 *   node tools/bench/shifts.mjs --task $GLUE/SST-2 --encoder DIR --out DIR
 *
 * Memory is read from /proc every 100 ms, so it is given on Linux alone.
 */
import { spawn } from 'node:child_process';
import { existsSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { clearInterval, setInterval } from 'node:timers';
import { parseArgs } from 'node:util';

const { values } = parseArgs({
  options: { task: { type: 'string' }, encoder: { type: 'string' }, out: { type: 'string' } },
});
const { task, encoder, out } = values;
if (task === undefined || encoder === undefined || out === undefined) {
  console.error('--task, --encoder and --out are needed');
  process.exit(2);
}

const script = join(import.meta.dirname, '..', '..', 'apps/orchestrator/bin/layerwise.js');
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

function megabytesOf(pid) {
  const file = `/proc/${pid}/status`;
  const peak = existsSync(file) ? /VmHWM:\s+(\d+) kB/.exec(readFileSync(file, 'utf8')) : null;
  return peak === null ? 0 : Number(peak[1]) / 1024;
}

async function run(stage, words) {
  const started = performance.now();
  const child = spawn(process.execPath, [script, 'stage', stage, ...words, ...common, '--out', at(stage)], {
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  let megabytes = 0;
  const watch = setInterval(() => {
    try {
      megabytes = Math.max(megabytes, megabytesOf(child.pid));
    } catch {
      // The process ended between the look and the reading.
    }
  }, 100);
  const code = await new Promise((done) => child.on('close', done));
  clearInterval(watch);
  if (code !== 0) process.exit(code ?? 1);
  return { seconds: (performance.now() - started) / 1000, megabytes };
}

for (const [stage] of stages) rmSync(at(stage), { recursive: true, force: true });
rmSync(at('data-cache'), { recursive: true, force: true });
let whole = 0;
for (const [stage, words] of stages) {
  const { seconds, megabytes } = await run(stage, words);
  whole += seconds;
  console.log(
    `${stage.padEnd(14)} ${seconds.toFixed(1).padStart(7)} s ${megabytes.toFixed(0).padStart(6)} MiB`,
  );
}
console.log(`${'together'.padEnd(14)} ${whole.toFixed(1).padStart(7)} s`);
