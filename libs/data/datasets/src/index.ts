export { BUILTIN_TASKS, builtinVocabulary, generateTask } from './builtin/generate.js';
export type { OpenedTask } from './file-task.js';
export { importTask } from './import-task.js';
export { sortLabels } from './splits/labels.js';
export type { OpenTaskOptions } from './options.js';
export { openTask } from './open-task.js';
export { datasetsStage } from './stage.js';
