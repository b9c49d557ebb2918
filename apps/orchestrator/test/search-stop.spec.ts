/**
 * A search that is stopped, in a trial and between trials, goes on to the trials of an unbroken one. Real
 * processes and signals.
 */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { layerwiseProcess, temporaryFolder, until } from './command.js';
import { search, SMALL, TASKS, trialsIn } from './search-runs.js';

// Whole searches, each with processes of its own.
const WORDS = [
  ...TASKS,
  ...SMALL,
  '--checkpoint-every',
  '1',
  '--trials',
  '4',
  '--repeats-best',
  '1',
  '--repeats-seeds',
  '1',
];

/** Lines of the journal that say so. */
function count(folder: string, type: string): number {
  const journal = join(folder, 'journal.jsonl');
  if (!existsSync(journal)) return 0;
  return readFileSync(journal, 'utf8').split(`"type":"${type}"`).length - 1;
}

it('Ctrl-C and SIGTERM stop it with a sentence, and the same command continues to the same trials', async () => {
  const unbroken = temporaryFolder();
  await search(...WORDS, '--out', unbroken);
  const out = temporaryFolder();
  for (const [signal, started] of [
    ['SIGINT', 1],
    ['SIGTERM', 3],
  ] as const) {
    const { child, ended } = layerwiseProcess('search', ...WORDS, '--out', out, '--json');
    await until(ended, () => count(out, 'started') >= started);
    child.kill(signal);
    const { code, stdout } = await ended;
    expect(code).toBe(1);
    expect((JSON.parse(stdout) as { error: string }).error).toContain(
      `the same command continues from the journal and checkpoints in ${out}.`,
    );
    expect(existsSync(join(out, 'manifest.json'))).toBe(false);
    // What there is so far can be looked at.
    expect((await trialsIn(out)).rows.length).toBeGreaterThan(0);
  }
  await search(...WORDS, '--out', out);
  expect(await trialsIn(out)).toEqual(await trialsIn(unbroken));
  expect(count(out, 'resumed') + count(out, 'stopped')).toBeGreaterThan(0);
  expect(existsSync(join(out, 'manifest.json'))).toBe(true);
});
