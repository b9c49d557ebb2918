/** Every picture of the project: numbers and names in, SVG and PNG out. */
export { barChart } from './bar.js';
export { type Chart } from './chart.js';
export { histogramChart } from './histogram.js';
export { lineChart } from './line.js';
export { coloursFor } from './palette.js';
export { renderChart, renderSvg } from './render.js';
export { roundNumbers } from './round-numbers.js';
export { type Level } from './rule.js';
export { ink } from './style.js';
export { scatterChart } from './scatter.js';
export { writeChart } from './write.js';
export { isDrawable } from './check.js';
