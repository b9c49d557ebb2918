/** The pictures of a pair: which there are, and that they tell what `rows.arrow` and `shift.arrow` say. */
import { mkdirSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { pairs, temporaryFolder, weather } from '../test/tasks.js';
import { drawPairPlots } from './draw-plots.js';
import { cutTask, pairOfTasks, type Pair } from './pair.js';
import { writePairFolder, type PairDetails } from './pair-folder.js';

/** Draws a pair; the folder of its pictures. What the charts do not need is gone by then. */
async function drawn(pair: Pair, details: PairDetails = {}): Promise<string> {
  const outputFolder = temporaryFolder();
  await writePairFolder(pair, outputFolder, details);
  for (const part of ['original', 'shifted']) rmSync(join(outputFolder, part), { recursive: true });
  const plotsFolder = join(outputFolder, 'plots');
  mkdirSync(plotsFolder);
  await drawPairPlots({ outputFolder, plotsFolder });
  return plotsFolder;
}

const textsOf = (folder: string, file: string): string[] =>
  [...readFileSync(join(folder, file), 'utf8').matchAll(/<text[^>]*>([^<]*)</g)].map(
    (match) => match[1] ?? '',
  );

it('of one task that was cut: lengths with the cut of each split, and the labels of both parts together', async () => {
  const rows = (train: number[], dev: number[]) => ({
    train: Int32Array.from(train),
    dev: Int32Array.from(dev),
  });
  const pair = cutTask(
    weather,
    'length',
    { original: rows([0, 2, 3], [0, 1]), shifted: rows([1, 4, 5], [2, 3]) },
    { original: 'weather (shorter)', shifted: 'weather (longer)' },
  );
  const folder = await drawn(pair, { cut: { train: 4, dev: 4.5 } });
  const names = ['labels', 'lengths-dev', 'lengths-train'];
  expect(readdirSync(folder).sort()).toEqual(names.flatMap((name) => [`${name}.png`, `${name}.svg`]));
  expect(textsOf(folder, 'lengths-train.svg')).toContain('cut at 4');
  expect(textsOf(folder, 'lengths-dev.svg')).toEqual(
    expect.arrayContaining(['cut at 4.5', 'D_o, weather (shorter)', 'D_s, weather (longer)']),
  );
  const labels = textsOf(folder, 'labels.svg');
  expect(labels).toEqual(expect.arrayContaining([...weather.labels, 'D_o train', 'D_s dev']));
  // Shares by hand: how many of the train rows 0, 2 and 3 have the first label.
  const first = [0, 2, 3].filter((row) => weather.train.label[row] === 0).length;
  expect(labels).toContain(String(Number((first / 3).toPrecision(3))));
});

it('of two tasks with labels of their own: a picture of labels for each, and no cut', async () => {
  const folder = await drawn(pairOfTasks(weather, pairs));
  expect(readdirSync(folder).filter((file) => file.startsWith('labels') && file.endsWith('.svg'))).toEqual([
    'labels-original.svg',
    'labels-shifted.svg',
  ]);
  expect(textsOf(folder, 'labels-shifted.svg')).toEqual(expect.arrayContaining([...pairs.labels]));
  expect(textsOf(folder, 'lengths-train.svg').join(' ')).not.toContain('cut at');
});
