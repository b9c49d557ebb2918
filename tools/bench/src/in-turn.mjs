/** Both sides in turn, so that a machine whose speed drifts is drifting for both. */
import { medianOf } from './figures.mjs';

/**
 * What every part receives.
 * @typedef {object} Context
 * @property {import('./options.mjs').Settings} settings
 * @property {import('./peer.mjs').Peer | null} peer
 * @property {AbortSignal} signal
 * @property {string} folder for what runs write; removed at the end
 * @property {(line: string) => void} say what is being done, on stderr
 * @property {() => Promise<import('./machine.mjs').Use>} look at what others use, before each run
 */

/**
 * What a part found.
 * @typedef {object} Found
 * @property {import('./table.mjs').Table[]} tables
 * @property {readonly Sample[]} samples
 */

/** @typedef {(context: Context) => Promise<Found>} Measure a part */

/**
 * One run of one side.
 * @typedef {object} Sample
 * @property {string} what was measured
 * @property {string} side `layerwise`, or PyTorch's with what distinguishes it
 * @property {number} run from 0
 * @property {import('./machine.mjs').Use} before
 * @property {any} result
 */

/** @typedef {Readonly<Record<string, ((run: number) => Promise<any>) | null>>} Sides null: left out */

/**
 * Runs the first time of every side, then the second of every side, and so on.
 * @param {Context} context
 * @param {string} what
 * @param {Sides} sides
 * @param {number} [runs]
 * @returns {Promise<Sample[]>}
 */
export async function inTurn({ settings, say, signal, look }, what, sides, runs = settings.runs) {
  /** @type {Sample[]} */
  const samples = [];
  for (let run = 0; run < runs; run++) {
    for (const [side, once] of Object.entries(sides)) {
      if (once === null) continue;
      signal.throwIfAborted();
      const before = await look();
      const result = await once(run);
      samples.push({ what, side, run, before, result });
      say(`${what}: ${side}, run ${run + 1} of ${runs}`);
    }
  }
  return samples;
}

/**
 * The same of several things, one after another.
 * @template Thing
 * @param {Context} context
 * @param {readonly Thing[]} things
 * @param {(thing: Thing) => string} whatOf
 * @param {(thing: Thing) => Sides} sidesOf
 */
export async function eachInTurn(context, things, whatOf, sidesOf) {
  const samples = [];
  for (const thing of things) samples.push(...(await inTurn(context, whatOf(thing), sidesOf(thing))));
  return samples;
}

/**
 * A figure of every run of one side of something.
 * @param {readonly Sample[]} samples
 * @param {string} what
 * @param {string} side
 * @param {(result: any) => number} figure
 */
export function figuresOf(samples, what, side, figure) {
  return samples.filter((one) => one.what === what && one.side === side).map(({ result }) => figure(result));
}

/**
 * Their medians, by side and figure; null where nothing was run.
 * @param {readonly Sample[]} samples
 * @param {string} what
 * @returns {(side: string, figure: (result: any) => number) => number | null}
 */
export function mediansOf(samples, what) {
  return (side, figure) => medianOf(figuresOf(samples, what, side, figure));
}
