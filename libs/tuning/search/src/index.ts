export type {
  CategoricalParameter,
  FloatParameter,
  IntegerParameter,
  Parameter,
  SearchSpace,
  Value,
} from './space.js';
export type { Measurement, Origin, Trial, TrialState } from './trial.js';
export type { History, Observation, Pending, Proposal, Sampler, SamplerContext } from './sampler.js';
export type { Bracket, Decision, RungPlan, Scheduler } from './scheduler.js';
export type { Cost, CreateObjective, Objective, RunContext, RunEnd, RunRequest } from './objective.js';
export type { Executor, ExecutorEvent } from './executor.js';
export { runSearch, type RunSearchOptions, type SearchEnd, type SearchView } from './run-search.js';
export { createInlineExecutor } from './inline-executor.js';
export { createProcessExecutor, type ProcessExecutorOptions } from './process-executor.js';
export { COMMAND_OBJECTIVE_MODULE, type CommandConfiguration } from './command-objective.js';
export { parseRecordedSpace, parseSpace, parseValues } from './parse-space.js';
export { fromUnit, toUnit } from './unit.js';
export { keyedSeed, randomStream, type RandomStream } from './random-stream.js';
export { sobolPoints } from './sobol-sequence.js';
export { answerLine, errorLine } from './ask-tell.js';
export { byteLines } from './byte-lines.js';
export { openStudy, type Asked, type Effort, type Report, type Study } from './study.js';
export { readStudy } from './read-study.js';
export { firstDifference, parseSettings, type Limits, type StudySettings } from './settings.js';
export { type Deciders } from './decide.js';
export { type StudyState } from './state.js';
export { bestTrial, rankedTrials, type BestTrial, type RepeatSummary } from './best.js';
export { bracketRungs, bracketTable, fullFidelityPlan, hyperbandPlan, type Rung } from './hyperband.js';
export { SCHEDULER_NAMES, planFor, schedulerNamed, type SchedulerName } from './schedulers.js';
export { describePlan, planCost, type BracketCost, type PlanCost } from './plan-cost.js';
export {
  benchmarkFunctionNamed,
  runBenchmark,
  type BenchmarkOptions,
  type BenchmarkResult,
} from './benchmark-run.js';
export { createGpSampler } from './gp-sampler.js';
export { classicLengthscale, growingLengthscale, type GpOptions } from './gp-options.js';
export { SAMPLER_NAMES, samplerNamed, type SamplerName } from './samplers.js';
