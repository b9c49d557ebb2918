/** The families that can be computed. The next one is a folder here and a line below. */
import type { Architecture } from './architecture.js';
import { bert } from './bert/bert.js';

export const ARCHITECTURES: readonly Architecture[] = [bert];

/** Their model types. */
export const SUPPORTED_ARCHITECTURES = ARCHITECTURES.map(({ name }) => name);
