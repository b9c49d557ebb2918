import { datasetShift } from '../src/index.js';

const split = (text: string[], pair: string[] | null, label: number[]) => {
  return { index: Int32Array.from(text.keys()), text, pair, label: Int32Array.from(label) };
};
const weather = {
  name: 'weather',
  labels: ['dull', 'bright'],
  train: split(['rain and rain', 'sun again'], null, [0, 1]),
  dev: split(['fog', 'sun'], null, [0, 1]),
};
const sameness = {
  name: 'sameness',
  labels: ['other', 'same', 'unclear'],
  train: split(['it rained', 'the sun rose', 'fog'], ['rain fell', 'it rained', 'perhaps'], [1, 0, 2]),
  dev: split(['the day began'], ['the sun rose'], [1]),
};

// Both tasks, all rows of each, and digests of the texts by which embeddings are matched to a part.
export const pair = datasetShift(weather, sameness);
export const rows = pair.rows.shifted.train; // 0, 1, 2
