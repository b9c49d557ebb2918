/** The command line `layerwise` as a function; `../bin/layerwise.js` is its executable. */
export { main } from './main.js';
export type { Outcome, Streams } from './running/run-command.js';
