/**
 * An executor that works in this process: for tests, for benchmarks, and for work that only waits for others.
 * Jobs that it has taken are under way side by side as far as the work lets the event loop turn.
 */
import { createEventQueue } from './event-queue.js';
import type { Executor, JobEvent } from './executor.js';
import { runJob, type Work } from './job.js';

/** @param capacity jobs at once; with 1 the order of events is the order of `start` */
export function createInlineExecutor<Input, Result>(
  work: Work<Input, Result>,
  capacity = 1,
): Executor<Input, Result> {
  const events = createEventQueue<JobEvent<Result>>();
  const controller = new AbortController();
  const underWay = new Map<number, Promise<void>>();
  return {
    capacity,
    start: (job) => {
      const { id } = job;
      const context = {
        signal: controller.signal,
        progress: (done: number, total: number) => events.put({ kind: 'progress', id, done, total }),
      };
      const run = runJob(work, job, context).then((ended) => {
        underWay.delete(id);
        events.put({ kind: 'end', id, ...ended });
      });
      underWay.set(id, run);
    },
    next: () => events.next(),
    stop: async (graceMs) => {
      controller.abort();
      let timer: NodeJS.Timeout | undefined;
      const late = new Promise<void>((resolve) => (timer = setTimeout(resolve, graceMs)));
      await Promise.race([Promise.all(underWay.values()), late]);
      clearTimeout(timer);
      // Nothing ends a function that does not stop; its late end may still come.
      for (const id of underWay.keys())
        events.put({ kind: 'lost', id, reason: 'its run did not stop when it was asked to' });
    },
  };
}
