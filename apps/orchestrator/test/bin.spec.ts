/** The executable as a person starts it: built, run, stopped. */
import { execFile, spawn } from 'node:child_process';
import { resolve } from 'node:path';
import { expect, it } from 'vitest';

const bin = resolve(import.meta.dirname, '../bin/layerwise.js');
const root = resolve(import.meta.dirname, '../../..');

function layerwise(...words: string[]): Promise<{ code: number; stdout: string; stderr: string }> {
  return new Promise((done) => {
    execFile(process.execPath, [bin, ...words], { cwd: root }, (error, stdout, stderr) => {
      done({ code: typeof error?.code === 'number' ? error.code : 0, stdout, stderr });
    });
  });
}

it('prints nothing but the result on stdout, even when it has to build first', async () => {
  const { code, stdout } = await layerwise('--version');
  expect([code, stdout]).toEqual([0, '0.0.0\n']);
});

it('gives one sentence and 2 for a file that is not there, as JSON too', async () => {
  const { code, stdout, stderr } = await layerwise('show', 'no-such-file.arrow', '--json');
  expect(code).toBe(2);
  const { error } = JSON.parse(stdout) as { error: string };
  expect(error).toContain('no-such-file.arrow');
  expect(stderr).toContain(`layerwise: ${error}\n`);
  expect(stderr).not.toContain('    at ');
});

it('ends without a word when nobody reads what it prints', async () => {
  const child = spawn(process.execPath, [bin, 'search', '--help'], {
    cwd: root,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  child.stdout.destroy();
  let stderr = '';
  child.stderr.on('data', (text: Buffer) => (stderr += text.toString()));
  const code = await new Promise((ended) => child.once('close', ended));
  expect(stderr).not.toContain('    at ');
  expect(code).toBe(0);
});

it('work that is interrupted ends by its own words, and at once the second time', async () => {
  const module = resolve(import.meta.dirname, '../dist/running/interrupt.js');
  const script = `import { interruptible } from ${JSON.stringify(module)};
    await interruptible((signal) => new Promise((resolve) => {
      console.log('ready');
      const timer = setInterval(() => {}, 1000);
      signal.addEventListener('abort', () => {
        console.log(signal.reason.name, signal.reason.message);
        if (process.argv[1] === 'polite') { clearInterval(timer); resolve(); }
      });
    }));`;
  const stop = async (
    manners: string,
  ): Promise<{ said: string; code: number | null; signal: string | null }> => {
    const child = spawn(process.execPath, ['--input-type=module', '-e', script, manners]);
    let said = '';
    child.stdout.on('data', (chunk: Buffer) => {
      // The first words ask for it; whoever is stubborn answers the first signal and gets a second.
      if (said === '' || manners === 'stubborn') child.kill('SIGINT');
      said += chunk.toString();
    });
    return new Promise((done) =>
      child.on('exit', (code, signal) => {
        done({ said, code, signal });
      }),
    );
  };
  const polite = await stop('polite');
  expect(polite.code).toBe(0);
  expect(polite.said).toContain('AbortError stopped by SIGINT');
  const stubborn = await stop('stubborn');
  expect([stubborn.code, stubborn.signal]).toEqual([null, 'SIGINT']);
});
