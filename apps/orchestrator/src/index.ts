/** The command line `layerwise` as a function; `../bin/layerwise.js` is its executable. */
export { main } from './main.js';
export type { Outcome } from './running/run-command.js';
export type { Streams } from './running/say.js';
