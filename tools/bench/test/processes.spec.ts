/** Commands that fail, are killed or are stopped end with one sentence. */
import { describe, expect, it } from 'vitest';
import { keptBefore } from '../src/main.mjs';
import { lastJson, run } from '../src/processes.mjs';

const signal = new AbortController().signal;
const node = (text: string, given: { signal: AbortSignal; onStart?: (pid: number) => void } = { signal }) =>
  run(process.execPath, ['-e', text], { label: 'the command', ...given });

describe('run', () => {
  it('gives what was printed, and its time', async () => {
    const { stdout, seconds } = await node('console.log("first"); console.log(JSON.stringify({ a: 1 }))');
    expect(lastJson('the command', stdout)).toEqual({ a: 1 });
    expect(seconds).toBeGreaterThan(0);
  });

  it('says why a command failed', async () => {
    const failing = node('console.error("a line\\nlayerwise: There is no task x."); process.exitCode = 2');
    await expect(failing).rejects.toThrow('the command failed: There is no task x.');
    await expect(node('process.exitCode = 3')).rejects.toThrow('the command failed with exit code 3.');
  });

  it('tells a killed command from a failed one', async () => {
    await expect(node('process.kill(process.pid, "SIGKILL")')).rejects.toThrow(
      'the command was killed by SIGKILL; where memory is short, measure smaller shapes (--shapes).',
    );
  });

  it('names a command that is not there', async () => {
    const missing = run('no-such-command', [], { signal, label: 'no-such-command' });
    await expect(missing).rejects.toThrow(/^no-such-command could not be started: .*\.$/);
  });

  it('ends its process when it is stopped, with the reason', async () => {
    const controller = new AbortController();
    let started = 0;
    const waiting = node('setTimeout(() => {}, 60_000)', {
      signal: controller.signal,
      onStart: (pid) => {
        started = pid;
        controller.abort(new Error('Stopped by SIGINT.'));
      },
    });
    await expect(waiting).rejects.toThrow('Stopped by SIGINT.');
    expect(() => {
      process.kill(started, 0);
    }).toThrow();
  });
});

it('refuses an output without JSON', () => {
  expect(() => lastJson('torch_step.py', 'Segmentation fault\n') as unknown).toThrow(
    'torch_step.py printed no JSON on its last line, but "Segmentation fault".',
  );
});

it('a measurement that ends early says what it keeps', () => {
  const stopped = new Error('Stopped by SIGINT.');
  expect(keptBefore(stopped, 'a.json', ['step'])).toMatchObject({
    message: 'Stopped by SIGINT; a.json keeps what was measured before: step.',
  });
  expect(keptBefore(stopped, null, ['step'])).toMatchObject({
    message: 'Stopped by SIGINT; nothing is kept.',
  });
});
