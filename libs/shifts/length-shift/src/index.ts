/** Public face of `@layerwise/length-shift`. */
export { cutAtMedian } from './cut.js';
export { lengthShift } from './length-shift.js';
export { lengthShiftStage } from './stage.js';
