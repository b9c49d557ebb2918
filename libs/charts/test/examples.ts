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

export const charts = {
  scatter: scatterChart(scatterData),
  histogram: histogramChart(histogramData),
  bar: barChart(barData),
  line: lineChart(lineData),
};
