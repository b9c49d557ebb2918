/**
 * Time, memory and disk of an entry from the work that its stage declares (`work` of `defineStage`) and the
 * pace of one training step that was measured on this machine. Pure functions; measuring is `measure.ts`.
 */
import type { StageWork } from '@layerwise/artifacts';

/** Of one training step of one process, at the shape of the entry's encoder and texts. */
export interface Pace {
  readonly stepSeconds: number;
  /** By the time that processors spent on it, which others that use the machine too stretch less. */
  readonly quietSeconds: number;
  /** Of one process. */
  readonly memoryMb: number;
  /** Of all weights once, as float32. */
  readonly weightsMb: number;
}

export interface Estimate {
  readonly seconds: number;
  /** With the machine for itself. */
  readonly quietSeconds: number;
  readonly memoryMb: number;
  readonly diskMb: number;
}

/** A forward pass of a step's three passes: backward is about two. */
const READING_SHARE = 1 / 3;
/** Reading, writing and pictures of any stage; and a process's start where there are workers. */
const SECONDS_OF_A_STAGE = 2;
const SECONDS_OF_A_WORKER = 2;

/**
 * @param work null: a stage without an encoder
 * @param measured seconds of an earlier run of such a stage, which then stand in place of a guess
 * @param cores of this machine: more processes and threads than these are not faster
 */
export function estimateOf(
  work: StageWork | null,
  pace: Pace | null,
  measured: number | null,
  cores: number,
): Estimate {
  const fixed = measured ?? SECONDS_OF_A_STAGE;
  if (work === null || pace === null) return { seconds: fixed, quietSeconds: fixed, memoryMb: 0, diskMb: 0 };
  const { workers, copies } = work;
  const passes = passesOf(work, cores);
  const start = SECONDS_OF_A_STAGE + (workers > 1 ? SECONDS_OF_A_WORKER : 0);
  return {
    seconds: start + passes * pace.stepSeconds,
    quietSeconds: start + passes * pace.quietSeconds,
    memoryMb: workers * pace.memoryMb,
    diskMb: copies * pace.weightsMb,
  };
}

/**
 * Training steps and reading together, in steps one after another: several processes take several at once.
 */
export function passesOf({ steps, textsRead, batch, workers, threads }: StageWork, cores: number): number {
  const atOnce = Math.max(1, Math.min(workers, Math.floor(cores / threads)));
  return (steps + (READING_SHARE * textsRead) / batch) / atOnce;
}

/** Of entries one after another: times add up, and so do files; memory is that of the largest. */
export function totalOf(estimates: readonly Estimate[]): Estimate {
  const sum = (one: (estimate: Estimate) => number): number =>
    estimates.reduce((all, estimate) => all + one(estimate), 0);
  return {
    seconds: sum(({ seconds }) => seconds),
    quietSeconds: sum(({ quietSeconds }) => quietSeconds),
    memoryMb: Math.max(0, ...estimates.map(({ memoryMb }) => memoryMb)),
    diskMb: sum(({ diskMb }) => diskMb),
  };
}
