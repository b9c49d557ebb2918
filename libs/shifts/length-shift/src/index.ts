/** Public face of `@layerwise/length-shift`. */
export { cutAtMedian, type Cut } from './cut.js';
export { lengthShift, type LengthShift, type Threshold } from './length-shift.js';
export { lengthShiftStage } from './stage.js';
