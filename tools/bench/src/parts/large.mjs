/**
 * Part `large`: all of the first task, one epoch, at 4 × 256: whether memory grows and steps slow down in a
 * long run. Weights are random and the vocabulary that of --encoder; the second task is a built-in one of a
 * few rows. One run, of this program alone.
 */
import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { InputError } from '@layerwise/errors';
import { createTinyEncoderFolder } from '@layerwise/model';
import { inTurn } from '../in-turn.mjs';
import { residentMegabytes } from '../memory.mjs';
import { layerwise, run } from '../processes.mjs';
import { columns } from '../table.mjs';
import { LAYERWISE } from '../workspace.mjs';

/** @import { Context, Measure } from '../in-turn.mjs' */
/** @import { Table } from '../table.mjs' */

const SIZES = { layers: 4, hidden: 256, heads: 4, maximumPositions: 512 };
/** Steps at the beginning whose throughput later ones are compared with. */
const FIRST = 1000;
/** Rows of the table over time. */
const PARTS = 10;
const BATCH = 16;

/** @typedef {{step: number, seconds: number, tokens: number}} Step */
/** @typedef {{step: number, megabytes: number}} Held what the process held, at a step */

/** @type {Measure} */
export async function measureLarge(context) {
  const samples = await inTurn(context, 'large', { layerwise: () => longRun(context) }, 1);
  const { steps, held } = samples[0]?.result ?? { steps: [], held: [] };
  return { tables: largeTables(steps, held), samples };
}

/** @param {Context} context @returns {Promise<{steps: Step[], held: Held[]}>} */
async function longRun({ settings, signal, folder }) {
  if (settings.tasks === null) throw new RangeError('tasks that nobody named');
  const { encoder: source, data, original } = settings.tasks;
  const [encoder, out] = [join(folder, 'encoder-4x256'), join(folder, 'large')];
  await createTinyEncoderFolder(encoder, wordsOf(source), SIZES);
  /** @type {Held[]} */
  const held = [];
  const tasks = ['--original', join(data, original), '--shifted', 'builtin:agreement?rows=32&devRows=32'];
  const how = ['--encoder', encoder, '--epochs', '1', '--threads', String(settings.threads), '--out', out];
  const limit = settings.largeRows === null ? [] : ['--train-limit', String(settings.largeRows)];
  await run(process.execPath, [LAYERWISE, 'finetune', ...tasks, ...how, ...limit], {
    signal,
    label: 'layerwise finetune',
    onLine: (line, pid) => {
      const step = stepOf(line);
      const megabytes = residentMegabytes(pid, 'VmRSS');
      if (step !== null && megabytes !== null) held.push({ step, megabytes });
    },
  });
  const history = await layerwise(['show', join(out, 'history.arrow'), '--limit', 1e8], { signal });
  rmSync(out, { recursive: true, force: true });
  return { steps: stepsOf(history), held };
}

/**
 * The words of an encoder's vocabulary, for one of the same words and other sizes.
 * @param {string} folder
 * @returns {string[]}
 */
function wordsOf(folder) {
  try {
    return readFileSync(join(folder, 'vocab.txt'), 'utf8').split('\n');
  } catch {
    throw new InputError(
      `${join(folder, 'vocab.txt')} can't be read; the part large needs an encoder with one.`,
    );
  }
}

/**
 * The step that a line of progress of the first phase tells; null of other lines.
 * @param {string} line
 * @returns {number | null}
 */
export function stepOf(line) {
  const [, step] = /\(original\) .*\| step (\d+)\/\d+ \|/.exec(line) ?? [];
  return step === undefined ? null : Number(step);
}

/**
 * Steps of the first phase.
 * @param {{data: readonly {phase: string, step: number, seconds: number, tokens: number}[]}} history as
 * `layerwise show --json` prints it
 * @returns {Step[]}
 */
export function stepsOf({ data }) {
  return data
    .filter(({ phase }) => phase === 'original')
    .map(({ step, seconds, tokens }) => ({ step, seconds, tokens }));
}

/** @param {readonly Step[]} steps @param {readonly Held[]} held @returns {Table[]} */
export function largeTables(steps, held) {
  const size = Math.ceil(steps.length / PARTS);
  const parts = Array.from({ length: PARTS }, (_, place) => steps.slice(place * size, (place + 1) * size));
  const rows = parts
    .filter((part) => part.length > 0)
    .map((part) => {
      const [from = 0, to = 0] = [part[0]?.step, part.at(-1)?.step];
      return [`${from} to ${to}`, ...paceOf(part), heldWithin(held, from, to)];
    });
  const counted = Math.min(FIRST, steps.length);
  const [first, last] = [paceOf(steps.slice(0, counted)), paceOf(steps.slice(-counted))];
  /** @param {string} name @param {any} a @param {any} b */
  const ends = (name, a, b) =>
    a === null || b === null ? [name, a, b, null, null] : [name, a, b, (100 * b) / a, b - a];
  return [
    {
      title: 'All of a large task, over time',
      caption: `${steps.length} steps of ${BATCH} texts at 4 × 256, in ten parts; MiB are the most that the process held in each.`,
      columns: [
        ...columns(0, 'steps'),
        ...columns(1, 'texts a second'),
        ...columns(0, 'tokens a second', 'MiB'),
      ],
      rows,
    },
    {
      title: 'All of a large task, first and last',
      caption: `Throughput of the first and the last ${counted} steps; memory of the first and the last tenth.`,
      columns: [
        ...columns(0, 'figure'),
        ...columns(1, 'first', 'last', 'last by first, %', 'last less first'),
      ],
      rows: [
        ends('texts a second', first[0], last[0]),
        ends('tokens a second', first[1], last[1]),
        ends('memory, MiB', rows[0]?.[3] ?? null, rows.at(-1)?.[3] ?? null),
      ],
    },
  ];
}

/**
 * Texts and tokens a second.
 * @param {readonly Step[]} steps
 * @returns {[number, number]}
 */
function paceOf(steps) {
  const seconds = steps.reduce((sum, step) => sum + step.seconds, 0);
  const tokens = steps.reduce((sum, step) => sum + step.tokens, 0);
  return [(steps.length * BATCH) / seconds, tokens / seconds];
}

/**
 * @param {readonly Held[]} held
 * @param {number} from
 * @param {number} to
 */
function heldWithin(held, from, to) {
  const within = held.filter(({ step }) => step >= from && step <= to).map(({ megabytes }) => megabytes);
  return within.length === 0 ? null : Math.max(...within);
}
