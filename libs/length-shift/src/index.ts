/** Public face of `@layerwise/length-shift`. */
export { cutAbove, cutAtMedian, evenThreshold, type Cut } from './cut.js';
export { lengthShift, THRESHOLDS, type LengthShift, type Threshold } from './length-shift.js';
export { pieceLengths } from './measure.js';
export { lengthShiftStage } from './stage.js';
