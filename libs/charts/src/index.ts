/** Public face of `@layerwise/charts`. */
export { barChart, type BarData, type BarSeries } from './bar.js';
export { type Chart } from './chart.js';
export { histogramChart, type HistogramData, type HistogramSeries } from './histogram.js';
export { lineChart, type LineData, type LineSeries } from './line.js';
export { renderChart, type Picture } from './render.js';
export { scatterChart, type ScatterData } from './scatter.js';
export { writeChart } from './write.js';
