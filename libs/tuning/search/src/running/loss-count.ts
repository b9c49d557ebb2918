/**
 * How often a trial's runs ended without a result and without having come further: a worker that is killed
 * now and then must cost nothing but time, but values that take every worker with them (more memory than
 * there is) must not be tried for ever.
 */

interface LossCount {
  /**
   * Counts one more lost run of a trial, which was `done` steps far. @returns false once it is the trial's
   * own fault
   */
  isTolerated(trial: number, done: number): boolean;
}

/**
 * Losses at the same place that are tolerated: more than bad luck brings, and few where each takes a worker's
 * start.
 */
const most = 19;

export function createLossCount(): LossCount {
  const losses = new Map<number, { count: number; furthest: number }>();
  return {
    isTolerated: (trial, done) => {
      const { count, furthest } = losses.get(trial) ?? { count: 0, furthest: -1 };
      const now = done > furthest ? 1 : count + 1;
      losses.set(trial, { count: now, furthest: Math.max(done, furthest) });
      return now <= most;
    },
  };
}
