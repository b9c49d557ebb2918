/** Errors as sentences for a person. Every lib may import this; it imports nothing. */
export { InputError } from './input-error.js';
export { counted } from './counted.js';
export { damaged } from './damaged.js';
export { checkRegular, fileExists, makeFolder, readRegular } from './files.js';
export { errorCode, explainedSync, isDiskFull, systemError } from './system-error.js';
export { newer, refuseNewer, statedVersion } from './newer.js';
export { visible, visibleLines } from './visible.js';
