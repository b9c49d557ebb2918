/**
 * Both sides in turn, so that a machine whose speed drifts is drifting for both.
 */
/**
 * What every part is given.
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

/**
 * One run of one side.
 * @typedef {object} Sample
 * @property {string} what was measured
 * @property {string} side `layerwise`, or PyTorch's with what distinguishes it
 * @property {number} run from 0
 * @property {import('./machine.mjs').Use} before
 * @property {any} result
 */

/**
 * Runs the first time of every side, then the second of every side, and so on.
 * @param {Context} context
 * @param {string} what
 * @param {Readonly<Record<string, ((run: number) => Promise<any>) | null>>} sides null: left out
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
 * A figure of every run of one side of something.
 * @param {readonly Sample[]} samples
 * @param {string} what
 * @param {string} side
 * @param {(result: any) => number} figure
 * @returns {number[]}
 */
export function figuresOf(samples, what, side, figure) {
  return samples.filter((one) => one.what === what && one.side === side).map(({ result }) => figure(result));
}
