/** Small tasks, made of sentences of our own. */
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Split, Task } from '@layerwise/artifacts';

export const temporaryFolder = (): string => mkdtempSync(join(tmpdir(), 'pairs-'));

/** Rows as `label text`, or `label text | pair`; `first` is the number of the first in its source. */
export function splitOf(rows: readonly string[], first = 0): Split {
  const texts = rows.map((row) => row.slice(2).split(' | '));
  return {
    index: Int32Array.from(rows, (_, i) => first + i),
    text: texts.map(([text]) => text ?? ''),
    pair: texts.some((text) => text.length > 1) ? texts.map((text) => text[1] ?? '') : null,
    label: Int32Array.from(rows, (row) => Number(row[0])),
  };
}

/** Sentences about the weather. */
export const weather: Task = {
  name: 'weather',
  labels: ['dull', 'bright'],
  train: splitOf(
    [
      '1 sun again',
      '0 rain , rain and more Rain',
      '1 a bright morning',
      '0 fog',
      '0 it rained all day and all night',
      '1 not one cloud over the whole valley today',
    ],
    100,
  ),
  dev: splitOf(['1 sun', '0 rain', '0 the fog came down the hills again', '1 a bright day without any rain']),
};

/** Pairs of sentences with labels of their own. */
export const pairs: Task = {
  name: 'sameness',
  labels: ['other', 'same', 'unclear'],
  train: splitOf(['0 the sun rose | it rained', '1 it rained | rain fell', '2 fog | perhaps']),
  dev: splitOf(['1 the day began | the sun rose', '0 fog | sun']),
};
