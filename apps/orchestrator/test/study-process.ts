/** `layerwise study` as the program that drives it sees it: a process with pipes, asked line by line. */
import { execFileSync, spawn, type ChildProcessByStdio } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import type { Readable, Writable } from 'node:stream';
import { onTestFinished } from 'vitest';
import { temporaryFolder } from './command.js';

export const layerwiseScript = resolve(import.meta.dirname, '../bin/layerwise.js');

// Built before anything is asked: the first command after a change says on stderr that it builds.
execFileSync(process.execPath, [layerwiseScript, '--version'], { stdio: 'ignore' });

export type Json = Record<string, unknown>;

export interface StudyProcess {
  readonly child: ChildProcessByStdio<Writable, Readable, Readable>;
  /** Writes a line, and waits for nothing. */
  readonly tell: (line: Json | string | Buffer) => void;
  /** Writes a line, if one is given, and waits for the next answer. */
  readonly ask: (line?: Json | string | Buffer) => Promise<Json>;
  /** Closes stdin; what came of it, with the answers that nobody has waited for. */
  readonly end: () => Promise<{ code: number | null; rest: string[]; stderr: string }>;
}

export function startStudy(...words: readonly string[]): StudyProcess {
  const child = spawn(process.execPath, [layerwiseScript, 'study', ...words], { stdio: 'pipe' });
  onTestFinished(() => void child.kill('SIGKILL'));
  let stderr = '';
  child.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString()));
  child.stdin.on('error', () => undefined); // it may have ended
  const answers: string[] = [];
  let wake = (): void => undefined;
  createInterface({ input: child.stdout })
    .on('line', (line) => {
      answers.push(line);
      wake();
    })
    .on('close', () => wake());
  const tell: StudyProcess['tell'] = (line) =>
    void child.stdin.write(
      Buffer.isBuffer(line) ? line : `${typeof line === 'string' ? line : JSON.stringify(line)}\n`,
    );
  const closed = once(child, 'close') as Promise<[number | null]>;
  return {
    child,
    tell,
    ask: async (line) => {
      if (line !== undefined) tell(line);
      while (answers.length === 0) {
        if (child.exitCode !== null || child.signalCode !== null)
          throw new Error(`the study ended too early: ${stderr}`);
        await new Promise<void>((done) => (wake = done));
      }
      return JSON.parse(answers.shift() ?? '') as Json;
    },
    end: async () => {
      child.stdin.end();
      const [code] = await closed;
      return { code, rest: answers.splice(0), stderr };
    },
  };
}

/** A space of three parameters of every kind, in a file. */
export function spaceFile(folder = temporaryFolder()): string {
  const file = join(folder, 'space.json');
  const space = {
    rate: { type: 'float', low: 1e-7, high: 1e-3, log: true },
    layers: { type: 'integer', low: 1, high: 12 },
    kind: { type: 'categorical', choices: ['a', 'b'] },
  };
  writeFileSync(file, JSON.stringify(space));
  return file;
}
