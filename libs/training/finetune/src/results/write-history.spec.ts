import { expect, it } from 'vitest';
import { emptyHistory, type History } from '../phases/history.js';
import { PHASES } from '../settings.js';
import { batchRows, historyRows } from './write-history.js';

const history: History = {
  phase: [0, 0, 1],
  step: [0, 1, 0],
  loss: [0.5, 0.25, Number.NaN],
  tokens: [10, 20, 30],
  seconds: [0.1, 0.2, 0.3],
};

it('becomes rows with the rates of every step, NaN where a group has none', () => {
  const rows = historyRows(history, (phase, step) => [phase === 0 ? 1 : 2, null, step], PHASES);
  expect(rows).toEqual([
    { phase: 'original', step: 0, loss: 0.5, rates: [1, NaN, 0], tokens: 10, seconds: 0.1 },
    { phase: 'original', step: 1, loss: 0.25, rates: [1, NaN, 1], tokens: 20, seconds: 0.2 },
    { phase: 'shifted', step: 0, loss: NaN, rates: [2, NaN, 0], tokens: 30, seconds: 0.3 },
  ]);
});

it('becomes the rows that every step saw', () => {
  const rows = batchRows(history, (phase, step) =>
    [0, 1].map((task) => new Int32Array(task <= phase ? step + 1 : 0).fill(10 * task + phase)),
  );
  expect(rows).toEqual([
    { phase: 'original', step: 0, rows: [0], replayed: [] },
    { phase: 'original', step: 1, rows: [0, 0], replayed: [] },
    { phase: 'shifted', step: 0, rows: [11], replayed: [1] },
  ]);
});

it('may be empty', () => {
  expect(historyRows(emptyHistory(), () => [], PHASES)).toEqual([]);
});
