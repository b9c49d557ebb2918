/** When work began, and how long it took by a clock that nobody sets back. */
import type { Manifest } from './manifest.js';

/** As a manifest has them. */
export type Times = Pick<Manifest, 'started' | 'durationSeconds'>;

/** Starts now; each call of what is returned gives the times up to then. */
export function startStopwatch(): () => Times {
  const started = new Date().toISOString();
  const before = performance.now();
  return () => ({ started, durationSeconds: (performance.now() - before) / 1000 });
}
