/**
 * What can happen in a study, as data: the lines of its journal. Each event says what was decided or what
 * came out, never how a state looks; `state.ts` applies them. Decisions are written down with all that went
 * into them by chance (values, seed, the sampler's memory), so that reading a journal draws nothing anew.
 */
import { z } from 'zod';
import { InputError, newer, refuseNewer, statedVersion } from '@layerwise/errors';
import { valueSchema } from '../space/space.js';
import { firstIssue, limitsSchema, settingsSchema } from './settings.js';

const trial = z.int().min(0);
/** What a run took: training steps, and seconds. */
const effort = { steps: z.number().min(0), seconds: z.number().min(0) };
/** In the plan's units, from 1 to its last rung. */
const fidelity = z.number().positive();

/** What a trial's run to one rung gave. */
const measurement = {
  fidelity,
  /** Maximised. */
  reward: z.number(),
  /** What the reward is made of, by name: for fine-tuning `originalBefore`, `original` and `shifted`. */
  measures: z.record(z.string(), z.number()),
  ...effort,
};

/** Of the form of a journal, which its first event says. */
const JOURNAL_VERSION = 1;

const eventSchema = z.discriminatedUnion('type', [
  /** Always the first. */
  z.strictObject({
    type: z.literal('created'),
    version: z.literal(JOURNAL_VERSION),
    settings: settingsSchema,
  }),
  /** The study was opened again with other limits. */
  z.strictObject({ type: z.literal('limited'), limits: limitsSchema }),
  /** A new trial that waits to be run to `target`; `memory` is the sampler's, from now on. */
  z.strictObject({
    type: z.literal('proposed'),
    trial,
    /** In the order of the space. */
    values: z.array(valueSchema).readonly(),
    /** Where they come from. */
    origin: z.enum(['given', 'sobol', 'random', 'tpe', 'gp', 'repeat']),
    /** Place in the plan's brackets. */
    bracket: z.int().min(0),
    target: fidelity,
    /** Of its runs: derived from the study's seed and the number. */
    seed: z.int().min(0),
    /** The trial whose values this one tries again with a fresh seed; null: none, it is the search's own. */
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
    ...measurement,
    /** Bytes of the checkpoint that the run left at this fidelity; left out: what was noted before stands. */
    checkpoint: z.int().min(0).optional(),
  }),
  z.strictObject({ type: z.enum(['failed', 'diverged']), trial, message: z.string(), ...effort }),
  /** Nothing was heard of a run; it will be run again, and its late result is still taken. */
  z.strictObject({ type: z.literal('stale'), trial, reason: z.string() }),
  /** A run was asked to stop, and will go on later. */
  z.strictObject({ type: z.literal('stopped'), trial }),
  /** The study was opened again: whatever was running waits to be run again. */
  z.strictObject({ type: z.literal('resumed') }),
  z.strictObject({ type: z.literal('checkpoint-kept'), trial, fidelity, bytes: z.int().min(0) }),
  z.strictObject({ type: z.literal('checkpoint-dropped'), trial }),
]);

export type Measurement = z.output<z.ZodObject<typeof measurement>>;
export type StudyEvent = z.output<typeof eventSchema>;
/** One kind of event. */
export type EventOf<Type extends StudyEvent['type']> = Extract<StudyEvent, { type: Type }>;

/** An event out of a journal's line. @param where file and line, for the InputError */
export function parseEvent(event: unknown, where: string): StudyEvent {
  const parsed = eventSchema.safeParse(event);
  if (parsed.success) return parsed.data;
  refuseNewer(where, 'journal', statedVersion(event), JOURNAL_VERSION);
  const { data: named } = kind.safeParse(event);
  const isUnknown = parsed.error.issues[0]?.path[0] === 'type';
  if (named !== undefined && isUnknown) throw newer(where, `it has the event ${named.type}`);
  throw new InputError(
    `${where} is no event of a study that this version knows (${firstIssue(parsed.error)}): was it written by another version?`,
  );
}

const kind = z.object({ type: z.string() });
