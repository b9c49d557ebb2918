import { cutAtMedian, lengthShift } from '../src/index.js';
import { wordLengths } from '@layerwise/pairs';

const split = (text: string[], label: number[]) => {
  return { index: Int32Array.from(text.keys()), text, pair: null, label: Int32Array.from(label) };
};
const task = {
  name: 'rivers',
  labels: ['calm', 'wild'],
  train: split(['it rose over all the fields', 'calm', 'it broke its banks', 'low and slow'], [1, 0, 1, 0]),
  dev: split(['it rose and rose', 'hardly any water'], [1, 0]),
};
const lengths = { train: wordLengths(task.train), dev: wordLengths(task.dev) };

// The whole shift: two parts, where each row of them comes from, and where the cut lies.
const { pair, details } = lengthShift(task, lengths, 'words', 'split');
export const shorter = pair.original.train.text; // ['calm', 'low and slow']
export const cut = details.cut; // { train: 3.5, dev: 3.5 }

// Or only the rows of one split: positions, ascending.
export const { original, shifted } = cutAtMedian(lengths.train); // [1, 3] and [0, 2]
