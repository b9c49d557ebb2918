/** Progress of a Fisher information: texts done, and texts a second, on a meter (`meter.ts`). */
import { createMeter, type Screen } from './meter.js';

export interface FisherProgress {
  readonly texts: (done: number) => void;
  readonly end: () => void;
}

export function fisherProgress(screen: Screen, texts: number): FisherProgress {
  const meter = createMeter(screen, 'Fisher information', texts);
  return { texts: (done) => meter.update(done, `${done} of ${texts} texts`), end: meter.end };
}
