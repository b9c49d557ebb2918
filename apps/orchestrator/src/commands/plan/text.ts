/** What `layerwise plan` prints: a row for each entry, the sum, and what this machine lacks for it. */
import { textTable, type StageWork } from '@layerwise/artifacts';
import type { Estimate } from '../../plan/estimate.js';
import { duration } from '../../progress/meter.js';

/** Below this share of the measured time is what processors spent on it. */
const BUSY = 0.8;

export interface Planned {
  readonly entry: string;
  readonly upToDate: boolean;
  /** Why it is to be run; null where it is not. */
  readonly why: string | null;
  readonly work: StageWork | null;
  readonly estimate: Estimate;
}

/** @param machine its memory, and the disk that is free; null where that cannot be told */
export function planText(
  title: string,
  planned: readonly Planned[],
  total: Estimate,
  { memoryMb, freeDiskMb }: { readonly memoryMb: number; readonly freeDiskMb: number | null },
): string {
  const left = planned.filter(({ upToDate }) => !upToDate).length;
  // Others use the machine too: by the processors' own time it would be quicker.
  const busy =
    total.quietSeconds < BUSY * total.seconds
      ? ` (${duration(total.quietSeconds)} if nothing else runs here)`
      : '';
  const rows = planned.map(({ entry, upToDate, why, estimate }) => [
    entry,
    upToDate ? '' : `about ${duration(estimate.seconds)}`,
    size(estimate.memoryMb),
    size(estimate.diskMb),
    upToDate ? 'up to date' : (why ?? ''),
  ]);
  return [
    ...textTable([['entry', 'time', 'memory', 'disk', 'state'], ...rows]),
    '',
    left === 0
      ? `The preset ${title} is up to date.`
      : `${left} of ${planned.length} to run, about ${duration(total.seconds)} by a few training steps measured just now${busy}, ${size(total.memoryMb) || 'little'} of memory and at most ${size(total.diskMb) || 'little'} of disk.`,
    ...(total.memoryMb > memoryMb
      ? [`This machine has ${size(memoryMb)} of memory: take fewer workers.`]
      : []),
    ...(freeDiskMb !== null && total.diskMb > freeDiskMb
      ? [`The disk has ${size(freeDiskMb)} left: make room.`]
      : []),
  ].join('\n');
}

function size(mb: number): string {
  if (mb === 0) return '';
  return mb < 1000 ? `${Math.ceil(mb)} MB` : `${(mb / 1000).toFixed(1)} GB`;
}
