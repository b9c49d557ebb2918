/** Public face of `@layerwise/errors`. */
export { InputError } from './input-error.js';
export { errorCode, explainedSync, isDiskFull } from './system-errors.js';
