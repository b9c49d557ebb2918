export type { FloatParameter, SearchSpace, Value } from './space/space.js';
export type { Measurement } from './study/events.js';
export type { Trial } from './study/trial.js';
export type { Observation, Sampler } from './samplers/sampler.js';
export type {
  Cost,
  CreateObjective,
  Objective,
  RunContext,
  RunEnd,
  RunRequest,
} from './running/objective.js';
export { runSearch, type SearchView } from './running/run-search.js';
export { COMMAND_OBJECTIVE_MODULE, type CommandConfiguration } from './programs/command-objective.js';
export { parseRecordedSpace, parseSpace, parseValues } from './space/parse-space.js';
export { fewPointsCaution } from './space/points.js';
export { repeatedKey } from './space/repeated-key.js';
export { fromUnit, toUnit } from './space/unit.js';
export { randomStream } from './samplers/random-stream.js';
export { sobolPoints } from './samplers/sobol-sequence.js';
export { answerLine, errorLine } from './programs/ask-tell.js';
export { byteLines } from './programs/byte-lines.js';
export { memoryJournal, type Journal } from './journal/journal.js';
export { openJournalFile } from './journal/journal-file.js';
export { openStudy, readStudy, type Study } from './study/study.js';
export { firstDifference, parseSettings, type StudySettings } from './study/settings.js';
export { type StudyState } from './study/state.js';
export { bestTrial, rankedTrials, type BestTrial } from './study/best.js';
export { fullFidelity, fullFidelityPlan, hyperbandPlan, type RungPlan } from './schedulers/hyperband.js';
export { planFor, schedulerNamed } from './schedulers/schedulers.js';
export { describePlan, planCost, type PlanCost } from './schedulers/plan-cost.js';
export { createGpSampler } from './samplers/gp-sampler.js';
export { growingLengthscale } from './samplers/gp-options.js';
export { samplerNamed } from './samplers/samplers.js';
