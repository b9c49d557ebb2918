import { digestOfTexts } from '@layerwise/artifacts';
import { clusterShift } from '../src/index.js';

const split = (text: string[], label: number[]) => {
  return { index: Int32Array.from(text.keys()), text, pair: null, label: Int32Array.from(label) };
};
const task = {
  name: 'places',
  labels: ['calm', 'wild'],
  train: split(['a lake', 'a torrent', 'a street', 'a square', 'a pond'], [0, 1, 1, 0, 0]),
  dev: split(['a market', 'a river'], [1, 1]),
};

// Embeddings come from the stage `embed`; here each row has two numbers, water and town.
const vectors = (values: number[]) => {
  const index = Int32Array.from({ length: values.length / 2 }, (_, row) => row);
  return { index, size: 2, values: Float32Array.from(values) };
};
const embeddings = {
  task: 'places',
  encoder: 'by hand',
  pooling: 'cls',
  train: vectors([9, 1, 8, 2, 1, 9, 2, 8, 9, 2]),
  dev: vectors([0, 9, 8, 0]),
  texts: { train: digestOfTexts(task.train), dev: digestOfTexts(task.dev) },
};

const { pair, division, curve } = await clusterShift(task, embeddings, {
  k: 2,
  chosen: { original: [0], shifted: [1] }, // cluster 0 is the largest
  fit: 'train',
  seed: 1,
  initialization: 'kmeans++',
  starts: 10,
  maxIterations: 300,
  method: 'auto',
});
export const water = pair.original.train.text; // ['a lake', 'a torrent', 'a pond']
export const town = pair.shifted.dev.text; // ['a market']
export const clusters = division.train; // 0 0 1 1 0
export const best = curve.k[curve.silhouette.indexOf(Math.max(...curve.silhouette.map(Number)))]; // 2
