/** Names of update rules and schedules, for command lines that list them before the rules are loaded. */

export const OPTIMIZER_NAMES = ['adam', 'adamw', 'sgd'] as const;
export type OptimizerName = (typeof OPTIMIZER_NAMES)[number];

export const SCHEDULE_NAMES = ['cosine', 'linear', 'constant', 'slanted-triangular'] as const;
export type ScheduleName = (typeof SCHEDULE_NAMES)[number];
