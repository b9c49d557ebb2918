/**
 * Ask and tell as lines of JSON, for a program in any language that trains by itself:
 *
 *     {"ask":1}                                  → {"trial":3,"values":[1e-5,"b"],"fidelity":9}, {"wait":true} or {"done":true,"reason":"…"}
 *     {"tell":3,"reward":1.7,"fidelity":9}       → nothing
 *     {"tell":3,"state":"failed"}                → nothing; also "diverged" and "stale"
 *     {"best":1}                                 → {"trial":3,"values":[1e-5,"b"],"reward":1.7,"fidelity":9}
 *
 * `{"ask":4}` asks for four runs and gets four lines. A line that cannot be taken is answered with
 * `{"error":"…"}`, and changes nothing; when the journal cannot be written any more, an error comes after the
 * runs that were given. A reward that is no number (NaN, as Python writes it, or null) makes the trial a
 * diverged one; another measure of that kind is left out.
 */
import { z } from 'zod';
import { InputError } from '@layerwise/errors';
import type { BestTrial } from '../study/best.js';
import { parsePythonJson } from '@layerwise/artifacts';
import { MOST_MEASURES } from './command-report.js';
import { repeatedKey } from '../space/repeated-key.js';
import { fullFidelity } from '../schedulers/hyperband.js';
import type { Instruction, Study } from '../study/study.js';

/** More than any run takes, in steps or in seconds, and little enough for sums of it to be exact. */
const most = 1e9;
const amount = z.number().min(0).max(most).optional();
const effort = { steps: amount, seconds: amount };
const trial = z.int().min(0);
/** Any number, NaN and infinite ones too; null is NaN. */
const number = z
  .preprocess(
    (value) => (typeof value === 'number' && !Number.isFinite(value) ? null : value),
    z.number().nullable(),
  )
  .transform((value) => value ?? NaN);

const shapes = {
  ask: z.strictObject({ ask: z.int().min(1).max(1000) }),
  best: z.strictObject({ best: z.literal(1) }),
  state: z.strictObject({
    tell: trial,
    state: z.enum(['failed', 'diverged', 'stale']),
    message: z.string().optional(),
    fidelity: z.number().nullish(),
    ...effort,
  }),
  reward: z.strictObject({
    tell: trial,
    reward: number,
    fidelity: z.number().nullish(),
    measures: z
      .record(z.string(), number)
      .refine((measures) => Object.keys(measures).length <= MOST_MEASURES, {
        error: `at most ${MOST_MEASURES} are kept`,
      })
      .optional(),
    ...effort,
  }),
};

/**
 * Takes one line and gives the lines that answer it, none for one that tells. Each of several runs is asked
 * for when its line is taken, so that none is begun whose line is never written.
 * @param rungs false in a study whose runs are all whole ones: a fidelity that is told is then not looked at
 */
export function* answerLine(study: Study, line: string, rungs: boolean): Generator<string> {
  if (line.trim() === '') return;
  try {
    for (const one of answers(study, parsedLine(line), rungs)) yield JSON.stringify(one);
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    yield errorLine(error);
  }
}

/** The answer to a line that cannot be taken. */
export function errorLine({ message }: InputError): string {
  return JSON.stringify({ error: message });
}

function* answers(study: Study, request: object, rungs: boolean): Generator<object> {
  if ('ask' in request) {
    const { ask } = checked(shapes.ask, request);
    for (let count = 0; count < ask; count++) yield runLine(study, study.ask());
  } else if ('best' in request) {
    checked(shapes.best, request);
    const best = study.best();
    if (best === null) throw new InputError('No trial was measured yet, so none is best.');
    yield bestLine(best);
  } else if (!('tell' in request)) {
    throw new InputError('A line asks or tells: give {"ask":1}, {"tell":0,"reward":0.5} or {"best":1}.');
  } else if ('state' in request) tellState(study, request);
  else tellReward(study, request, rungs);
}

function runLine({ state }: Study, instruction: Instruction): object {
  if (instruction.kind === 'wait') return { wait: true };
  if (instruction.kind === 'done') return { done: true, reason: instruction.reason };
  const { trial, values, fidelity, seed } = instruction;
  const repeatOf = state.trials[trial]?.repeatOf ?? null;
  // A repeat is worth nothing without a fresh seed.
  const repeat = repeatOf === null ? {} : { repeatOf, seed };
  return { trial, values, fidelity, ...repeat };
}

function bestLine({ trial, values, reward, fidelity, repeats }: BestTrial): object {
  return { trial, values, reward, fidelity, ...(repeats !== null && { repeats }) };
}

function tellState(study: Study, request: object): void {
  const { tell, state, message, steps, seconds } = checked(shapes.state, request);
  const why = message ?? `told to be ${state}`;
  if (state === 'stale') study.stale(tell, why);
  else refuseSecond(tell, study.fail(tell, state, why, { steps, seconds }));
}

function tellReward(study: Study, request: object, rungs: boolean): void {
  const { tell, reward, fidelity, ...rest } = checked(shapes.reward, request);
  const target = study.state.trials[tell]?.target ?? fullFidelity(study.state.settings.plan);
  const reached = rungs ? (fidelity ?? target) : target;
  // Whoever asks keeps what it needs to run a trial further.
  refuseSecond(tell, study.tell(tell, { reward, fidelity: reached, checkpoint: 0, ...rest }));
}

function refuseSecond(trial: number, taken: boolean): void {
  if (!taken) throw new InputError(`Trial ${trial} was told before: ask for the next run.`);
}

function parsedLine(line: string): object {
  let json: unknown;
  try {
    json = parsePythonJson(line);
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new InputError(`The line is not JSON (${why}): write one object a line.`);
  }
  const twice = repeatedKey(line);
  if (twice !== undefined)
    throw new InputError(`The line has the key ${JSON.stringify(twice.key)} twice: leave one out.`);
  if (typeof json === 'object' && json !== null && !Array.isArray(json)) return json;
  throw new InputError('The line is no JSON object: give {"ask":1}, {"tell":0,"reward":0.5} or {"best":1}.');
}

function checked<Schema extends z.ZodType>(schema: Schema, request: object): z.output<Schema> {
  const parsed = schema.safeParse(request);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  const place = issue === undefined || issue.path.length === 0 ? '' : `${issue.path.map(String).join('.')}: `;
  throw new InputError(`The line is not understood (${place}${issue?.message ?? 'it has another form'}).`);
}
