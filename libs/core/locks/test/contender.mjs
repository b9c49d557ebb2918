/**
 * Takes and gives back the lock FILE over and over; every third time it leaves it as a process would that was
 * killed, with the number of one that is gone. Prints how often it held it, how often it left it so, and how
 * often another was inside at the same time.
 *
 *     node contender.mjs FILE MARKER SECONDS GONE
 */
import { closeSync, openSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { takeLock } from '../dist/index.js';

const [file, marker, seconds, gone] = process.argv.slice(2);
const until = performance.now() + Number(seconds) * 1000;
const counts = { held: 0, left: 0, together: 0 };

while (performance.now() < until) {
  let release;
  try {
    release = takeLock(file, 'the place');
  } catch {
    continue;
  }
  counts.held++;
  try {
    closeSync(openSync(marker, 'wx'));
  } catch {
    counts.together++;
  }
  rmSync(marker, { force: true });
  if (counts.held % 3 === 0) {
    counts.left++;
    writeFileSync(`${file}.${process.pid}`, `${hostname()}\n${gone}\n\n${process.pid}-${counts.held}`);
    renameSync(`${file}.${process.pid}`, file);
  }
  release();
}
process.stdout.write(JSON.stringify(counts));
