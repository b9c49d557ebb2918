/**
 * Ctrl-C and SIGTERM as an AbortSignal: work stops at its next safe place and keeps what it has. A second
 * Ctrl-C ends the process at once, as without this file.
 */

const signals = ['SIGINT', 'SIGTERM'] as const;

/**
 * Runs `work` with a signal that is aborted when the process is asked to stop.
 * The signal's reason is an AbortError that says so; `work` may throw it or end in its own way.
 */
export async function interruptible<T>(work: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const controller = new AbortController();
  const stop = (name: NodeJS.Signals): void => {
    forget();
    controller.abort(
      new DOMException(`stopped by ${name}; the same command goes on from here`, 'AbortError'),
    );
  };
  const forget = (): void => {
    for (const name of signals) process.off(name, stop);
  };
  for (const name of signals) process.on(name, stop);
  try {
    return await work(controller.signal);
  } finally {
    forget();
  }
}
