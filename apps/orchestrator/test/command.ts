/** The command line in tests: within this process, or as a process that can be stopped and killed. */
import { spawn, type ChildProcess } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtempSync, openSync, closeSync, readFileSync, readSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import type { Readable, Writable } from 'node:stream';
import { pathToFileURL } from 'node:url';
import { onTestFinished } from 'vitest';
import { main } from '../src/main.js';

export interface Answer {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs `layerwise` with these words in this process. */
export async function layerwise(...words: readonly string[]): Promise<Answer> {
  let [stdout, stderr] = ['', ''];
  const code = await main(words, { stdout: (text) => (stdout += text), stderr: (text) => (stderr += text) });
  return { code, stdout, stderr };
}

interface Started {
  readonly child: ChildProcess;
  /** What came of it. */
  readonly ended: Promise<Answer>;
}

/** Runs it as a user does; `child` can be sent signals. */
export function layerwiseProcess(...words: readonly string[]): Started {
  return start(words, {}, 0);
}

export interface Held extends Started {
  /** Lets it go on from hold to hold until `condition` gives something, and leaves it held there. */
  readonly heldAt: <T>(condition: () => T | undefined | false) => Promise<T>;
  /** To the next hold. */
  readonly goOn: () => void;
  /** Nothing holds it any more. */
  readonly release: () => void;
}

/** The same, held whenever a file whose path `holds` matches was written (`hold.mjs`). */
export function heldProcess(holds: RegExp, ...words: readonly string[]): Held {
  const preload = pathToFileURL(resolve(import.meta.dirname, 'hold.mjs')).href;
  const environment = { NODE_OPTIONS: `--import ${preload}`, LAYERWISE_TEST_HOLD: holds.source };
  const started = start(words, environment, 2);
  const [, , , says, hears] = started.child.stdio as [null, null, null, Readable, Writable];
  // Of one that was killed.
  hears.on('error', () => undefined);
  const places = createInterface({ input: says })[Symbol.asyncIterator]();
  const goOn = (): void => void hears.write('\n');
  return {
    ...started,
    goOn,
    release: () => void hears.end(),
    async heldAt(condition) {
      while (!(await places.next()).done) {
        const found = condition();
        if (found !== undefined && found !== false) return found;
        goOn();
      }
      const { stdout, stderr } = await started.ended;
      throw new Error(`the process ended too early: ${stdout}${stderr}`);
    },
  };
}

function start(
  words: readonly string[],
  environment: Readonly<Record<string, string>>,
  morePipes: number,
): Started {
  const script = resolve(import.meta.dirname, '../bin/layerwise.js');
  const child = spawn(process.execPath, [script, ...words], {
    stdio: ['ignore', 'pipe', 'pipe', ...Array<'pipe'>(morePipes).fill('pipe')],
    env: { ...process.env, ...environment },
  });
  let [stdout, stderr] = ['', ''];
  child.stdout!.on('data', (chunk: Buffer) => (stdout += chunk.toString()));
  child.stderr!.on('data', (chunk: Buffer) => (stderr += chunk.toString()));
  const ended = new Promise<Answer>((done) => child.on('close', (code) => done({ code, stdout, stderr })));
  return { child, ended };
}

/** An empty folder that is gone after the test. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'layerwise-command-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

export function sha256(file: string): string {
  return createHash('sha256').update(readFileSync(file)).digest('hex');
}

/** Where the checkpoint of a run stands, out of its file's header; undefined where there is none. */
export function checkpointPlace(folder: string): { phase: string; step: number } | undefined {
  let descriptor: number;
  try {
    descriptor = openSync(join(folder, 'checkpoint.safetensors'), 'r');
  } catch {
    return undefined;
  }
  try {
    const length = Buffer.alloc(8);
    readSync(descriptor, length, 0, 8, 0);
    const header = Buffer.alloc(Number(length.readBigUInt64LE()));
    readSync(descriptor, header, 0, header.length, 8);
    const { __metadata__: metadata } = JSON.parse(header.toString()) as {
      __metadata__: Record<string, string>;
    };
    return JSON.parse(metadata['layerwise.checkpoint'] ?? '') as { phase: string; step: number };
  } finally {
    closeSync(descriptor);
  }
}

/**
 * Waits until `condition` gives something, looking every few milliseconds; fails when the process ends
 * before.
 */
export async function until<T>(ended: Promise<Answer>, condition: () => T | undefined | false): Promise<T> {
  let answer: Answer | undefined;
  void ended.then((found) => (answer = found));
  for (;;) {
    const found = condition();
    if (found !== undefined && found !== false) return found;
    if (answer !== undefined)
      throw new Error(`the process ended too early: ${answer.stdout}${answer.stderr}`);
    await new Promise((wake) => setTimeout(wake, 2));
  }
}
