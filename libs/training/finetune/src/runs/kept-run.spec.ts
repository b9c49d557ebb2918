/**
 * A kept run is found where an earlier version kept it, finished or stopped, and nothing of another run is.
 */
import { existsSync, renameSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { prepare, SETTINGS, temporaryFolder } from '../../test/tiny-run.js';
import { keepRun } from './kept-run.js';

it('takes along what is its own alone', async () => {
  const folder = temporaryFolder();
  const [now, former] = [join(folder, 'now'), join(folder, 'former')];
  const keep = async (settings = SETTINGS, abortAt = Infinity) => {
    const stop = new AbortController();
    let steps = 0;
    const end = await keepRun(await prepare(settings), settings, {
      outputFolder: now,
      formerFolder: former,
      checkpointEvery: 1,
      signal: stop.signal,
      drift: false,
      versions: {},
      parameters: {},
      onPhase: () => undefined,
      onStep: () => {
        steps += 1;
        if (steps === abortAt) stop.abort();
      },
    });
    return { end, steps };
  };
  const whole = await keep();
  expect(whole.end).toMatchObject({ kind: 'finished', reused: false });
  renameSync(now, former);
  // Another run leaves it where it is.
  const other = { ...SETTINGS, seed: SETTINGS.seed + 1 };
  expect((await keep(other, 2)).end.kind).toBe('stopped');
  expect(existsSync(join(former, 'manifest.json'))).toBe(true);
  expect((await keep()).end).toMatchObject({ kind: 'finished', reused: true });
  expect(existsSync(former)).toBe(false);
  // A stopped one goes on.
  await keep(other, 2);
  renameSync(now, former);
  const rest = await keep(other);
  expect(rest.end).toMatchObject({ kind: 'finished', reused: false });
  expect(rest.steps).toBe(whole.steps - 2);
});
