/**
 * @layerwise/hub: models and tasks of the Hugging Face hub, fetched into a folder of the cache. See
 * README.md.
 */
export { describeFetch } from './result.js';
export { fetchModel, fetchTask } from './fetch.js';
export type { FetchedFile, FetchResult } from './result.js';
export type { NotedFile, SourceNote } from './folder/publish.js';
export { DEFAULT_ENDPOINT, settingsFromEnvironment } from './settings.js';
export type { Clock, EnvironmentSettings, HubOptions, Progress } from './settings.js';
