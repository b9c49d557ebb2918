/** Public face of `@layerwise/report`. */
export { readArtifacts } from './artifacts/artifacts.js';
export { renderReport } from './render-report.js';
export { reportStage } from './stage.js';
export { summarySentences } from './sections/summary.js';
export { writeReport } from './write-report.js';
