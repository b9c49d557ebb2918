export type {
  CategoricalParameter,
  FloatParameter,
  IntegerParameter,
  Parameter,
  SearchSpace,
  Value,
} from './space/space.js';
export type { Measurement, Origin, Trial, TrialState } from './study/trial.js';
export type { History, Observation, Pending, Proposal, Sampler, SamplerContext } from './samplers/sampler.js';
export type { Bracket, Decision, RungPlan, Scheduler } from './schedulers/scheduler.js';
export type {
  Cost,
  CreateObjective,
  Objective,
  RunContext,
  RunEnd,
  RunRequest,
} from './running/objective.js';
export { runSearch, type RunSearchOptions, type SearchEnd, type SearchView } from './running/run-search.js';
export { COMMAND_OBJECTIVE_MODULE, type CommandConfiguration } from './programs/command-objective.js';
export { parseRecordedSpace, parseSpace, parseValues } from './space/parse-space.js';
export { fromUnit, toUnit } from './space/unit.js';
export { keyedSeed, randomStream, type RandomStream } from './samplers/random-stream.js';
export { sobolPoints } from './samplers/sobol-sequence.js';
export { answerLine, errorLine } from './programs/ask-tell.js';
export { byteLines } from './programs/byte-lines.js';
export { memoryJournal, type Journal } from './journal/journal.js';
export { openJournalFile } from './journal/journal-file.js';
export { openStudy, type Asked, type Effort, type Report, type Study } from './study/study.js';
export { readStudy } from './study/read-study.js';
export { firstDifference, parseSettings, type Limits, type StudySettings } from './study/settings.js';
export { type Deciders } from './study/decide.js';
export { type StudyState } from './study/state.js';
export { bestTrial, rankedTrials, type BestTrial, type RepeatSummary } from './study/best.js';
export {
  bracketRungs,
  bracketTable,
  fullFidelityPlan,
  hyperbandPlan,
  type Rung,
} from './schedulers/hyperband.js';
export { SCHEDULER_NAMES, planFor, schedulerNamed, type SchedulerName } from './schedulers/schedulers.js';
export { describePlan, planCost, type BracketCost, type PlanCost } from './schedulers/plan-cost.js';
export { createGpSampler } from './samplers/gp-sampler.js';
export { classicLengthscale, growingLengthscale, type GpOptions } from './samplers/gp-options.js';
export { SAMPLER_NAMES, samplerNamed, type SamplerName } from './samplers/samplers.js';
