/** Small tasks: one of single sentences with two labels, one of pairs with three. */
import type { Split, Task } from '@layerwise/artifacts';

function splitOf(text: string[], pair: string[] | null, label: number[]): Split {
  return { index: Int32Array.from(text.keys()), text, pair, label: Int32Array.from(label) };
}

export const weather: Task = {
  name: 'weather',
  labels: ['dull', 'bright'],
  train: splitOf(['sun again', 'rain and rain', 'a bright morning', 'fog'], null, [1, 0, 1, 0]),
  dev: splitOf(['rain', 'sun'], null, [0, 1]),
};

export const sameness: Task = {
  name: 'sameness',
  labels: ['other', 'same', 'unclear'],
  train: splitOf(['the sun rose', 'it rained', 'fog'], ['it rained', 'rain fell', 'perhaps'], [0, 1, 2]),
  dev: splitOf(['the day began', 'fog'], ['the sun rose', 'sun'], [1, 0]),
};
