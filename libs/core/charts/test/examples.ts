/** One small chart of each kind. */
import { barChart, histogramChart, lineChart, scatterChart } from '../src/index.js';

export const scatterData = {
  title: 'Projection of dev sentences',
  subtitle: '[CLS] embeddings, perplexity 30, seed 1',
  x: Float64Array.of(-12.5, -3, 0.25, 8, 11, 4.75),
  y: Float64Array.of(2, -7.5, 3.125, 6, -1, 0),
  category: Int32Array.of(0, 0, 1, 1, 2, 0),
  categories: ['negative', 'neutral', 'positive'],
  xTitle: 't-SNE 1',
  yTitle: 't-SNE 2',
  legendTitle: 'label',
};

export const histogramData = {
  title: 'Lengths of both parts',
  xTitle: 'length in words',
  series: [
    { name: 'shorter', values: Int32Array.of(2, 3, 3, 4, 4, 4, 5, 5, 6, 7, 7) },
    { name: 'longer', values: Int32Array.of(8, 8, 8, 9, 9, 10, 11, 12, 15, 21) },
  ],
  bins: 40,
  cut: { value: 7.5, label: 'median: 7 words' },
};

export const barData = {
  title: 'Label balance',
  groups: ['original train', 'shifted train', 'original dev'],
  series: [
    { name: 'negative', values: [0.44, 0.5, 0.25] },
    { name: 'positive', values: Float32Array.of(0.5625, 0.5, 0.75) },
  ],
  xTitle: 'part and split',
  yTitle: 'share of rows',
  legendTitle: 'label',
};

export const intervalBarData = {
  title: 'Which groups matter',
  subtitle: 'means and 90 % intervals of 100 draws',
  groups: ['embeddings', 'part 1', 'head'],
  series: [
    { name: 'alone', values: [0.1, 0.25, 0.4], interval: { low: [0, 0.1, 0.3], high: [0.2, 0.5, 0.55] } },
    {
      name: 'with interactions',
      values: [0.2, 0.4, 0.6],
      interval: { low: [0.05, 0.2, 0.4], high: [0.45, 0.7, 0.9] },
    },
  ],
  xTitle: 'layer group',
  yTitle: 'share of the variance',
  legendTitle: '',
};

export const lineData = {
  title: 'Silhouette for each number of clusters',
  xTitle: 'clusters K',
  yTitle: 'mean silhouette',
  x: [2, 3, 4, 5],
  series: [
    { name: 'train', y: [0.31, 0.22, 0.2, 0.205] },
    { name: 'dev', y: [0.29, 0.24, 0.18, 0.17] },
  ],
  mark: { x: 2, label: 'K = 2' },
};

export const logLineData = {
  title: 'Learning rate of each group',
  subtitle: 'tinted: where 90 % of the resamples lie',
  xTitle: 'layer group',
  yTitle: 'learning rate',
  x: [0, 1, 2, 3],
  series: [
    { name: 'one pair', y: [2e-6, 1e-7, 3e-5, 8e-4], width: 1 },
    { name: 'another pair', y: [8e-6, 4e-6, 3e-7, 2e-5], width: 1 },
    { name: 'combined', y: [4e-6, 6.3e-7, 3e-6, 1.3e-4], width: 4 },
  ],
  band: { low: [1e-6, 2e-7, 1e-6, 4e-5], high: [9e-6, 2e-6, 8e-6, 5e-4], of: 'combined' },
  level: { y: 2e-5, label: '2e-5' },
  logY: true,
};

export const charts = {
  scatter: scatterChart(scatterData),
  histogram: histogramChart(histogramData),
  bar: barChart(barData),
  'interval-bar': barChart(intervalBarData),
  line: lineChart(lineData),
  'log-line': lineChart(logLineData),
};
