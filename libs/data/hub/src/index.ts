/** Models and tasks of the Hugging Face hub, fetched into a folder of the cache (README.md). */
export { describeFetch } from './result.js';
export { fetchModel, fetchTask } from './fetch.js';
export { settingsFromEnvironment } from './settings.js';
export type { HubOptions, Progress } from './settings.js';
