import { openTask } from '../src/index.js';

const { task, skipped, notes } = await openTask('builtin:sentiment?rows=500&devRows=100&seed=3');

export const labels = task.labels; // ['negative', 'positive']
export const sizes = [task.train.text.length, task.dev.text.length]; // [500, 100]
export const first = {
  text: task.train.text[0], // a string
  pair: task.train.pair, // null: a task of single sentences
  label: task.labels[task.train.label[0]!], // 'negative' or 'positive'
  bad: skipped.length, // 0: nothing was left out
  said: notes.length, // 0: there is nothing that its user has to know
};
