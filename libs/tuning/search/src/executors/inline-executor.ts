/**
 * An executor that runs the objective in this process: for tests, for benchmarks, and for objectives that
 * only wait for others. Runs that it has taken are under way side by side as far as the objective lets the
 * event loop turn.
 */
import { createEventQueue } from './event-queue.js';
import type { Executor, ExecutorEvent } from './executor.js';
import type { Objective } from '../running/objective.js';
import { runObjective } from '../running/run-objective.js';

/** @param capacity runs at once; with 1 the order of events is the order of `take` */
export function createInlineExecutor(objective: Objective, capacity = 1): Executor {
  const events = createEventQueue<ExecutorEvent>();
  const controller = new AbortController();
  const underWay = new Map<number, Promise<void>>();
  return {
    capacity,
    take: (request) => {
      const { trial } = request;
      const context = {
        signal: controller.signal,
        heartbeat: (done: number, total: number) => events.put({ kind: 'progress', trial, done, total }),
      };
      const run = runObjective(objective, request, context).then((finished) => {
        underWay.delete(trial);
        events.put({ kind: 'end', trial, ...finished });
      });
      underWay.set(trial, run);
    },
    next: () => events.next(),
    close: async (graceMs) => {
      controller.abort();
      let timer: NodeJS.Timeout | undefined;
      const late = new Promise<void>((resolve) => (timer = setTimeout(resolve, graceMs)));
      await Promise.race([Promise.all(underWay.values()), late]);
      clearTimeout(timer);
      // Nothing ends a function that does not stop; its late end may still come.
      for (const trial of underWay.keys())
        events.put({ kind: 'lost', trial, reason: 'its run did not stop when it was asked to' });
    },
  };
}
