/**
 * An objective that starts a person's own command for every run, in any language: `layerwise search --command
 * 'python train.py'`. `docs/search-command.md` is the same protocol, told to those who write such a command.
 *
 * - The run stands in the environment variable LAYERWISE_TRIAL as JSON: {"trial", "values": {name: value},
 *   "seed", "from", "to", "full", "folder"}. `from`, `to` and `full` count the plan's units, say epochs: it
 *   trains from `from` (0: anew) to `to`.
 * - It writes lines {"step":3,"original":0.8,"shifted":0.7} to stdout, `step` in the same units; or "reward"
 *   in place of the two, whose sum it otherwise is. The last line counts, and its step must have reached
 *   `to`. Further numbers are kept as measures. Other output goes to `command.log` in the trial's folder
 *   (`command-output.ts`).
 * - To stop it gets SIGTERM, and SIGKILL after a grace period. It is resumed by the same command with the
 *   same folder. Processes of its group that it leaves behind are ended with it.
 * - An exit code other than 0 is a failure, told by the end of its traceback or the last line of stderr
 *   (`failure-reason.ts`); a reward NaN or null is divergence.
 */
import { spawn } from 'node:child_process';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { InputError, makeFolder } from '@layerwise/errors';
import { z } from 'zod';
import { COMMAND_MARK, FORGOTTEN_MS } from '../checkpoints/trial-folder.js';
import { listen, type Ended } from './command-output.js';
import { failureReason } from './failure-reason.js';
import { endMarkedProcess, killGroup, markEnvironment, markProcess, signalProcess } from '@layerwise/workers';
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
/** Of the reason of a failure. */
const lastCharacters = 500;
/** Whole runs: a command may go somewhat beyond the end; one that tells of more has another unit. */
const furthest = 2;

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

async function runCommand(
  { command, directory, graceMs }: Command,
  request: RunRequest,
  context: RunContext,
): Promise<RunEnd> {
  const { folder } = context;
  makeFolder(folder);
  const mark = join(folder, COMMAND_MARK);
  // A worker that was killed leaves its command behind; two must not write into one folder.
  await endMarkedProcess(mark, { graceMs, ask: 'SIGTERM', group: true });
  if (context.signal.aborted) return { kind: 'stopped', steps: 0 };
  const child = spawn(command, {
    shell: true,
    cwd: directory,
    // A process group of its own, so that what it starts is stopped with it.
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: {
      ...process.env,
      ...markEnvironment(mark),
      LAYERWISE_TRIAL: JSON.stringify({ ...request, folder }),
    },
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
  const forgottenMs = (): number => (context.signal.aborted ? FORGOTTEN_MS : 0);
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
    const { from, to } = request;
    const told = (step: number): void => context.progress(Math.max(0, Math.min(step, to) - from), to - from);
    return endOf(await listen(child, folder, told), request, context);
  } finally {
    context.signal.removeEventListener('abort', stop);
    clearTimeout(timer);
    if (pid !== undefined) await killGroup(pid, forgottenMs());
    rmSync(mark, { force: true });
  }
}

/** Signals that take a process away without a judgement of it; a shell tells them as 128 + their number. */
const preemptions = { SIGHUP: 129, SIGINT: 130, SIGTERM: 143 } as const;

const diskFull = /no space left on device|disk quota exceeded/i;

function endOf(ended: Ended, { from, to, full }: RunRequest, { folder, signal: stop }: RunContext): RunEnd {
  const { code, signal, report, wrong, errors } = ended;
  const reached = Math.min(report?.step ?? from, to);
  const steps = Math.max(0, reached - from);
  const log = join(folder, 'command.log');
  const isWhole = report !== null && wrong === null && report.step >= to && report.step <= furthest * full;
  if (code === 0 && isWhole) {
    const { reward, measures } = report;
    if (reward !== null && Number.isFinite(reward)) return { kind: 'measured', reward, measures, steps };
    const message = `the command told the reward ${reward} at step ${report.step}`;
    return { kind: 'diverged', message, steps };
  }
  const preempted = Object.entries(preemptions).some(([name, number]) => signal === name || code === number);
  if (stop.aborted || preempted) return { kind: 'stopped', steps };
  const reason = failureReason(errors)?.slice(0, lastCharacters) ?? null;
  const ofDisk = [reason ?? '', errors.at(-1) ?? ''].find((line) => diskFull.test(line));
  if (ofDisk !== undefined)
    return { kind: 'stopped', steps, reason: `the command says that the disk is full: ${ofDisk.trim()}` };
  if (code !== 0) {
    const how = signal === null ? `with code ${code}` : `by ${signal}`;
    return { kind: 'failed', message: `the command ended ${how}: ${reason ?? `see ${log}`}`, steps };
  }
  return { kind: 'failed', message: `${faultOf(ended, to, full)}; its other output is in ${log}`, steps };
}

/** What is wrong with the reports of a command that ended well. */
function faultOf({ report, wrong, unread }: Ended, to: number, full: number): string {
  if (wrong !== null) return `the line that the command told last ${wrong}`;
  if (report === null) {
    const none = 'the command wrote no line {"step":…,"original":…,"shifted":…} or {"step":…,"reward":…}';
    return unread === null ? none : `${none}, and one of its lines ${unread}`;
  }
  return report.step < to
    ? `the command told of step ${report.step} last, but had to reach ${to}`
    : `the command told of step ${report.step}, but a whole run ends at ${full}: count steps in the unit of --full`;
}
