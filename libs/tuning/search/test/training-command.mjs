/**
 * A training as a person would write one for `layerwise search --command`, for tests: a step every few
 * milliseconds, a checkpoint after each, and its own process number in `pids`. `slow`: milliseconds a step.
 * `stubborn`: it does not hear SIGTERM. `lingers`: milliseconds that it takes to end when it is stopped.
 */
import { appendFileSync, existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const { values, from, to, folder } = JSON.parse(process.env.LAYERWISE_TRIAL ?? '');
const checkpoint = join(folder, 'checkpoint.json');
appendFileSync(join(folder, 'pids'), `${process.pid}\n`);
let stopped = false;
// It goes on when nobody hears it any more, as a program that buffers its output does.
process.stdout.on('error', () => undefined);
process.on('SIGTERM', () => (stopped = values.stubborn !== true));

let step = existsSync(checkpoint) ? JSON.parse(readFileSync(checkpoint, 'utf8')).step : from;
console.log(`starts at ${step}`);
const say = () => console.log(JSON.stringify({ step, original: step / 10, shifted: values.x, rows: 100 }));
if (step > 0) say();
while (step < to && !stopped) {
  await new Promise((wake) => setTimeout(wake, values.slow ?? 1));
  step++;
  writeFileSync(`${checkpoint}.new`, JSON.stringify({ step }));
  renameSync(`${checkpoint}.new`, checkpoint);
  say();
}
if (stopped) await new Promise((wake) => setTimeout(wake, values.lingers ?? 0));
process.exitCode = step < to ? 143 : 0;
