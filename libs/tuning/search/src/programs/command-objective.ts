/**
 * An objective that starts a person's own command for every run, in any language: `layerwise search --command
 * 'python train.py'`. `docs/search-command.md` is the same protocol, told to those who write such a command.
 *
 * - The run stands in the environment variable LAYERWISE_TRIAL as JSON: {"trial", "values": {name: value},
 *   "seed", "from", "to", "full", "folder"}. `from`, `to` and `full` count the plan's units, say epochs: it
 *   trains from `from` (0: anew) to `to`.
 * - It writes lines {"step":3,"original":0.8,"shifted":0.7} to stdout, `step` in the same units; or "reward"
 *   in place of the two, whose sum it otherwise is. The last line counts, and its step must have reached
 *   `to`. Further numbers are kept as measures. Other output goes to `command.log` in the trial's folder.
 * - To stop it gets SIGTERM, and SIGKILL after a grace period. It is resumed by the same command with the
 *   same
 *   folder. Processes of its group that it leaves behind are ended with it.
 * - An exit code other than 0 is a failure, told by the last line of stderr; a reward NaN is divergence.
 */
import { spawn, type ChildProcess } from 'node:child_process';
import { createWriteStream, rmSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { InputError, makeFolder } from '@layerwise/errors';
import { z } from 'zod';
import { readReport, type CommandReport } from './command-report.js';
import { endMarkedProcess, killGroup, markProcess, signalProcess } from '@layerwise/workers';
import type { CreateObjective, RunContext, RunEnd, RunRequest } from '../running/objective.js';

const configurationSchema = z.object({
  /** For the shell. */
  command: z.string().trim().min(1),
  /** Where it is started. */
  directory: z.string(),
  /** From SIGTERM to SIGKILL. */
  graceMs: z.number().nonnegative().default(20_000),
});
export type CommandConfiguration = z.input<typeof configurationSchema>;
type Command = z.output<typeof configurationSchema>;

/** What a command leaves running may write for so long after it has ended. */
const leftoverMs = 2000;
/** Of the last line of stderr. */
const lastCharacters = 500;

/** For `createProcessExecutor`; the built file, from `src` too. */
export const COMMAND_OBJECTIVE_MODULE = new URL('../../dist/programs/command-objective.js', import.meta.url)
  .href;

/** @param configuration a `CommandConfiguration` @throws InputError for another */
export const createWork: CreateObjective = (configuration) => {
  const read = configurationSchema.safeParse(configuration);
  if (!read.success)
    throw new InputError(`the command objective's configuration is wrong: ${z.prettifyError(read.error)}`);
  return Promise.resolve((request, context) => runCommand(read.data, request, context));
};

/** How a command ended and what it had said. */
interface Ended {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly report: CommandReport | null;
  /** The last line of stderr. */
  readonly lastError: string | null;
}

async function runCommand(
  { command, directory, graceMs }: Command,
  request: RunRequest,
  context: RunContext,
): Promise<RunEnd> {
  const { folder } = context;
  makeFolder(folder);
  const mark = join(folder, 'command.process');
  // A worker that was killed leaves its command behind; two must not write into one folder.
  await endMarkedProcess(mark, { graceMs, ask: 'SIGTERM', group: true });
  if (context.signal.aborted) return { kind: 'stopped', steps: 0 };
  const child = spawn(command, {
    shell: true,
    cwd: directory,
    // A process group of its own, so that what it starts is stopped with it.
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, LAYERWISE_TRIAL: JSON.stringify({ ...request, folder }) },
  });
  const { pid } = child;
  const signal = (name: NodeJS.Signals): void => {
    if (pid !== undefined) signalProcess(pid, name, true);
  };
  let timer: NodeJS.Timeout | undefined;
  const stop = (): void => {
    signal('SIGTERM');
    timer = setTimeout(() => signal('SIGKILL'), graceMs);
  };
  context.signal.addEventListener('abort', stop);
  child.once('exit', (_, by) => {
    // Of what it started, something may keep its stdout open: the rest of a run that is being stopped, or one
    // left behind.
    const patience = by === null && !context.signal.aborted ? leftoverMs : graceMs + leftoverMs;
    const deaf = setTimeout(() => {
      child.stdout.destroy();
      child.stderr.destroy();
    }, patience);
    child.once('close', () => clearTimeout(deaf));
  });
  try {
    // Where the disk is full this throws: a command that nobody knows of must not go on.
    if (pid !== undefined) markProcess(mark, pid);
    return endOf(await listen(child, request, context), request, context);
  } finally {
    context.signal.removeEventListener('abort', stop);
    clearTimeout(timer);
    if (pid !== undefined) await killGroup(pid);
    rmSync(mark, { force: true });
  }
}

/** Reads what the command says until it has ended. */
async function listen(child: ChildProcess, request: RunRequest, context: RunContext): Promise<Ended> {
  const log = createWriteStream(join(context.folder, 'command.log'), { flags: 'a' });
  // The log is a courtesy: a full disk is told by the command itself.
  log.on('error', () => undefined);
  let report: CommandReport | null = null;
  let lastError: string | null = null;
  eachLine(child.stdout, (line) => {
    const read = readReport(line);
    if (read === null) {
      log.write(`${line}\n`);
      return;
    }
    report = read;
    context.progress(Math.max(0, read.step - request.from), request.to - request.from);
  });
  eachLine(child.stderr, (line) => {
    if (line.trim() !== '') lastError = line.trim().slice(0, lastCharacters);
    log.write(`${line}\n`);
  });
  const [code, signal] = await new Promise<[number | null, NodeJS.Signals | null]>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (...how) => resolve(how));
  });
  await new Promise<void>((resolve) => {
    log.once('error', () => resolve());
    log.end(() => resolve());
  });
  return { code, signal, report, lastError };
}

function eachLine(stream: Readable | null, take: (line: string) => void): void {
  if (stream !== null) createInterface({ input: stream, crlfDelay: Infinity }).on('line', take);
}

/** Signals that take a process away without a judgement of it; a shell tells them as 128 + their number. */
const preemptions = { SIGHUP: 129, SIGINT: 130, SIGTERM: 143 } as const;

function endOf(
  { code, signal, report, lastError }: Ended,
  { from, to }: RunRequest,
  { folder, signal: stop }: RunContext,
): RunEnd {
  const steps = Math.max(0, (report?.step ?? from) - from);
  const log = join(folder, 'command.log');
  if (code === 0 && report !== null && report.step >= to) {
    const { reward, measures } = report;
    if (Number.isFinite(reward)) return { kind: 'measured', reward, measures, steps };
    const message = `the command told the reward ${reward} at step ${report.step}`;
    return { kind: 'diverged', message, steps };
  }
  const preempted = Object.entries(preemptions).some(([name, number]) => signal === name || code === number);
  if (stop.aborted || preempted) return { kind: 'stopped', steps };
  if (lastError !== null && /no space left on device|disk quota exceeded/i.test(lastError))
    return { kind: 'stopped', steps, reason: `the command says that the disk is full: ${lastError}` };
  if (code !== 0) {
    const how = signal === null ? `with code ${code}` : `by ${signal}`;
    return { kind: 'failed', message: `the command ended ${how}: ${lastError ?? `see ${log}`}`, steps };
  }
  const what =
    report === null
      ? 'wrote no line {"step":…,"original":…,"shifted":…} or {"step":…,"reward":…}'
      : `told of step ${report.step} last, but had to reach ${to}`;
  return { kind: 'failed', message: `the command ${what}; its other output is in ${log}`, steps };
}
