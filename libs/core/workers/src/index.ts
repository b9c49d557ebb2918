/** Public face of `@layerwise/workers`. */
export type { CreateWork, Job, JobContext, JobEnd, Work } from './job.js';
export { runJob } from './job.js';
export type { CreateExecutor, Executor, ExecutorOptions, JobEvent } from './executor.js';
export { createInlineExecutor } from './inline-executor.js';
export { createProcessExecutor } from './process-executor.js';
export { endMarkedProcess, killGroup, markEnvironment, markProcess, signalProcess } from './process-mark.js';
