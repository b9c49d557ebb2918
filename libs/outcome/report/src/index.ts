/** Public face of `@layerwise/report`. */
export { readArtifacts, type Artifacts } from './artifacts.js';
export { LARGEST_PAGE, renderReport } from './render-report.js';
export { reportStage } from './stage.js';
export { summarySentences } from './sections/summary.js';
export { writeReport, type WrittenReport } from './write-report.js';
