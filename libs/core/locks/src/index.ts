/** See README.md. */
export { takeLock } from './lock.js';
export { isProcessAlive, processStart, processStatus } from './process.js';
