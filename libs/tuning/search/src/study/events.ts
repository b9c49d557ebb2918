/**
 * What can happen in a study, as data: the lines of its journal. Each event says what was decided or what
 * came out, never how a state looks; `state.ts` applies them. Decisions are written down with all that went
 * into them by chance (values, seed, the sampler's memory), so that reading a journal draws nothing anew.
 */
import { z } from 'zod';
import { InputError } from '@layerwise/errors';
import { firstIssue, limitsSchema, settingsSchema, valueSchema } from './settings.js';

const trial = z.int().min(0);
const steps = z.number().min(0);
const seconds = z.number().min(0);
const fidelity = z.number().positive();

const eventSchema = z.discriminatedUnion('type', [
  /** Always the first. */
  z.strictObject({ type: z.literal('created'), version: z.literal(1), settings: settingsSchema }),
  /** The study was opened again with other limits. */
  z.strictObject({ type: z.literal('limited'), limits: limitsSchema }),
  /** A new trial that waits to be run to `target`; `memory` is the sampler's, from now on. */
  z.strictObject({
    type: z.literal('proposed'),
    trial,
    values: z.array(valueSchema).readonly(),
    origin: z.enum(['given', 'sobol', 'random', 'tpe', 'gp', 'repeat']),
    bracket: z.int().min(0),
    target: fidelity,
    seed: z.int().min(0),
    repeatOf: trial.nullable(),
    memory: z.json().optional(),
  }),
  /** A paused trial waits to be run further. */
  z.strictObject({ type: z.literal('promoted'), trial, target: fidelity }),
  /** A run begins, from the checkpoint at `from` (0: from nothing). */
  z.strictObject({ type: z.literal('started'), trial, from: z.number().min(0) }),
  z.strictObject({
    type: z.literal('measured'),
    trial,
    fidelity,
    reward: z.number(),
    measures: z.record(z.string(), z.number()),
    steps,
    seconds,
    /** Bytes of the checkpoint that the run left at this fidelity; left out: what was noted before stands. */
    checkpoint: z.int().min(0).optional(),
  }),
  z.strictObject({ type: z.enum(['failed', 'diverged']), trial, message: z.string(), steps, seconds }),
  /** Nothing was heard of a run; it will be run again, and its late result is still taken. */
  z.strictObject({ type: z.literal('stale'), trial, reason: z.string() }),
  /** A run was asked to stop, and will go on later. */
  z.strictObject({ type: z.literal('stopped'), trial }),
  /** The study was opened again: whatever was running waits to be run again. */
  z.strictObject({ type: z.literal('resumed') }),
  z.strictObject({ type: z.literal('checkpoint-kept'), trial, fidelity, bytes: z.int().min(0) }),
  z.strictObject({ type: z.literal('checkpoint-dropped'), trial }),
]);

export type StudyEvent = z.output<typeof eventSchema>;
/** One kind of event. */
export type EventOf<Type extends StudyEvent['type']> = Extract<StudyEvent, { type: Type }>;

/** An event out of a journal's line. @param where file and line, for the InputError */
export function parseEvent(event: unknown, where: string): StudyEvent {
  const parsed = eventSchema.safeParse(event);
  if (parsed.success) return parsed.data;
  throw new InputError(
    `${where} is no event of a study that this version knows (${firstIssue(parsed.error)}): was it written by another version?`,
  );
}
