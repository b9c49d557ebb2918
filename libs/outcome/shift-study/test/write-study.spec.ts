/**
 * What a study leaves: figures that can be counted again from the answers beside them, and tables that say
 * them.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { startStopwatch, readTable, verifyOutputs, type Table } from '@layerwise/artifacts';
import { bootstrapMeans } from '@layerwise/statistics';
import { expect, it } from 'vitest';
import {
  answersTable,
  figureOf,
  figuresOf,
  MODELS,
  studyMarkdown,
  studyTable,
  studyText,
  writeStudy,
  type PartPredictions,
  type Study,
} from '../src/index.js';
import { PAIR, temporaryFolder, tinySettings } from './tiny-study.js';

const settings = tinySettings({ epochs: { original: 3, shifted: 3 } });

/** Answers by a formula: the models are right about four, three, two … rows of five. */
const predictions: PartPredictions[] = MODELS.flatMap(({ measure }, model) =>
  (['original', 'shifted'] as const).flatMap((part) =>
    [1, 2].map((seed) => {
      const { index, label } = PAIR[part].dev;
      const isWrong = (row: number): boolean => (row * 7 + seed * row + model) % 5 <= model % 3;
      const predicted = label.map((right, row) => (isWrong(row) ? 1 - right : right));
      return { measure, part, seed, index, label, predicted };
    }),
  ),
);
const bootstrap = { resamples: 1000, seed: 1, level: 0.95 };
const done: Study = {
  tasks: [
    {
      name: 'water',
      pair: PAIR,
      settings,
      predictions,
      figures: figuresOf(predictions, bootstrap),
      steps: new Map([
        ['sequential', 24],
        ['alone', 12],
        ['mixed', 24],
      ]),
    },
  ],
  seeds: [1, 2],
  bootstrap,
};

async function written(): Promise<string> {
  const folder = temporaryFolder();
  await writeStudy(folder, done, {
    fingerprint: '0'.repeat(64),
    parameters: { kind: 'length' },
    inputs: [],
    times: startStopwatch(),
    versions: {},
  });
  return folder;
}

it('study.arrow has a row for every figure', async () => {
  const folder = await written();
  const table = await readTable(join(folder, 'study.arrow'), studyTable);
  const { figures } = done.tasks[0]!;
  expect(table.metadata).toMatchObject({ level: '0.95', resamples: '1000', seeds: '1,2' });
  expect(table.column('measure')).toEqual(figures.map(({ measure }) => measure));
  expect(table.column('accuracy')).toEqual(Float64Array.from(figures, ({ accuracy }) => accuracy));
  expect(table.column('low')).toEqual(Float64Array.from(figures, ({ low }) => low));
  expect(table.column('high')).toEqual(Float64Array.from(figures, ({ high }) => high));
  expect(table.column('sd')).toEqual(figures.map(({ sd }) => sd));
  expect(new Set(table.column('n'))).toEqual(new Set([20, 18]));
  expect(new Set(table.column('task'))).toEqual(new Set(['water']));
  expect(new Set(table.column('epochs'))).toEqual(new Set([3]));
  const manifest = await verifyOutputs(folder);
  expect(manifest).toMatchObject({
    stage: 'shift-study',
    seed: 1,
    parameters: { kind: 'length', seeds: [1, 2] },
  });
  expect(manifest.outputs.map(({ file }) => file)).toEqual(['study.arrow', 'answers.arrow', 'study.md']);
});

it('answers.arrow has what they are counted from: accuracy and interval come out again', async () => {
  const table = await readTable(join(await written(), 'answers.arrow'), answersTable);
  // Five models, two seeds, 20 + 18 rows.
  expect(table.rows).toBe(380);
  for (const measure of ['before', 'after', 'mixed']) {
    const scores = scoresOf(table, measure);
    const figure = figureOf(done.tasks[0]!.figures, measure)!;
    expect(scores.reduce((sum, score) => sum + score, 0) / scores.length).toBeCloseTo(figure.accuracy, 12);
    const [interval] = bootstrapMeans([scores], done.bootstrap);
    expect(interval!.low).toBeCloseTo(figure.low, 12);
    expect(interval!.high).toBeCloseTo(figure.high, 12);
  }
});

/** Mean of both seeds for each of D_o's 20 dev rows. */
function scoresOf(table: Table<typeof answersTable.columns, never>, wanted: string): Float64Array {
  const [measure, part, predicted] = [
    table.column('measure'),
    table.column('part'),
    table.column('predicted'),
  ];
  const right = Array.from(table.column('label'), (label, row) => (label === predicted[row] ? 1 : 0));
  const own = right.filter((_, row) => measure[row] === wanted && part[row] === 'original');
  return Float64Array.from({ length: 20 }, (_, row) => ((own[row] ?? NaN) + (own[row + 20] ?? NaN)) / 2);
}

it('study.md and the text for people say the same figures', async () => {
  const { figures } = done.tasks[0]!;
  const markdown = readFileSync(join(await written(), 'study.md'), 'utf8');
  expect(markdown).toBe(studyMarkdown(done));
  const [before, after] = [figureOf(figures, 'before')!, figureOf(figures, 'after')!];
  const summary = `${before.accuracy.toFixed(3)} - ${after.accuracy.toFixed(3)}`;
  const cell = `${before.accuracy.toFixed(3)} [${before.low.toFixed(3)}, ${before.high.toFixed(3)}] ± ${before.sd!.toFixed(3)}`;
  expect(markdown).toContain(`| water | length | ${summary} | ${cell} |`);
  const text = studyText(done);
  expect(text).toContain(summary);
  expect(text).toContain(`nothing: always the commonest label  ${before.majority.toFixed(3)}`);
  expect(text).toContain('D_o is water (shorter): 32 train and 20 dev rows');
  // Every table of the text is as wide as its head says: columns start where the head's do.
  const lines = text.split('\n');
  const head = lines.findIndex((line) => line.startsWith('trained on'));
  const column = lines[head]!.indexOf("on D_o's dev rows");
  for (const line of lines.slice(head + 1, head + 7))
    expect(line.slice(column - 2, column + 1)).toMatch(/^ {2}\S$/);
});

it('what was not learned is said to be so', () => {
  const task = done.tasks[0]!;
  const unlearned = task.figures.map((figure) => ({
    ...figure,
    accuracy: 0.5,
    low: 0.4,
    high: 0.6,
    majority: 0.5,
  }));
  const sentence =
    /Trained on D_[os] alone, accuracy there is not clearly above always giving the commonest label/g;
  expect(studyText({ ...done, tasks: [{ ...task, figures: unlearned }] }).match(sentence)).toHaveLength(2);
  const learned = unlearned.map((figure) => ({ ...figure, low: 0.51 }));
  expect(studyText({ ...done, tasks: [{ ...task, figures: learned }] }).match(sentence)).toBeNull();
});
