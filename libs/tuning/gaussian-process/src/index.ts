export { fitHyperparameters, type Fit, type FitOptions } from './fit.js';
export type { ErrorProcess, Hyperparameters, Inputs } from './kernel.js';
export { minimiseInBox, type Box, type Differentiable, type LbfgsOptions, type Minimum } from './lbfgs.js';
export { logExpectedImprovement, logH, logHSlope } from './log-expected-improvement.js';
export { condition, predict, type Posterior, type Prediction, type PredictionGradient } from './posterior.js';
export { fitPower, standardise, yeoJohnson, type Standardised } from './power-transform.js';
export { defaultPriors, type LogNormal, type Priors } from './priors.js';
export {
  maximiseExpectedImprovement,
  type AcquisitionMaximum,
  type MaximiseOptions,
} from './maximise-acquisition.js';
export { logLikelihood, sampleHyperparameters, type Draws } from './elliptical-slice.js';
export { fromLogs, toLogs } from './priors.js';
export { samplePath, type SamplePath } from './sample-path.js';
export { leaveOneOutMeans } from './leave-one-out.js';
