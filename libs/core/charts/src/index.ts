/** Every picture of the project: numbers and names in, SVG and PNG out. */
export { barChart, type BarData, type BarSeries } from './bar.js';
export { type Chart, type Heading } from './chart.js';
export { type Column } from './check.js';
export { histogramChart, type HistogramData, type HistogramSeries } from './histogram.js';
export { lineChart, type LineBand, type LineData, type LineSeries } from './line.js';
export { coloursFor } from './palette.js';
export { renderChart, renderSvg, type Picture } from './render.js';
export { roundNumbers } from './round-numbers.js';
export { type Level, type Mark } from './rule.js';
export { ink } from './style.js';
export { scatterChart, type ScatterData } from './scatter.js';
export { writeChart } from './write.js';
