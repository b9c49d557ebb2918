/** Events that come in when they like, taken one at a time by whoever waits: the middle of every executor. */

interface EventQueue<T> {
  put(event: T): void;
  /** From now on `next` rejects with `error` once what was put before is taken. */
  fail(error: Error): void;
  /** The oldest event that was not taken; waits for one if there is none. */
  next(): Promise<T>;
}

export function createEventQueue<T>(): EventQueue<T> {
  const events: T[] = [];
  const waiting: { resolve(event: T): void; reject(error: Error): void }[] = [];
  let failure: Error | null = null;
  return {
    put: (event) => {
      const first = waiting.shift();
      if (first === undefined) events.push(event);
      else first.resolve(event);
    },
    fail: (error) => {
      failure ??= error;
      for (const one of waiting.splice(0)) one.reject(failure);
    },
    next: () =>
      new Promise((resolve, reject) => {
        const event = events.shift();
        if (event !== undefined) resolve(event);
        else if (failure !== null) reject(failure);
        else waiting.push({ resolve, reject });
      }),
  };
}
