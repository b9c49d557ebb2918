/**
 * Accuracy on every task of a longer sequence after each of its phases (the matrix R of Lopez-Paz and Ranzato
 * 2017), means over seeds.
 */
import { meanOf } from '@layerwise/statistics';
import type { Artifacts, MatrixRow } from '../artifacts/artifacts.js';
import { html, type Html } from '../page/html.js';
import { methodsOf } from '../results/methods.js';
import { missing, slug, type Section } from '../page/section.js';
import { number, numbers, table, text, words, type Cell } from '../page/table.js';

export function matrixSection({ matrix }: Artifacts): Section {
  const sequences = [...new Set(matrix.map(({ sequence }) => sequence))];
  return {
    id: 'matrix',
    title: 'Accuracy matrix',
    parts:
      matrix.length === 0
        ? [
            missing(
              'No sequence of tasks was trained here.',
              'npx layerwise finetune --sequence A,B,C --encoder DIR --out DIR',
            ),
          ]
        : [
            html`<p>
              A row is the state after a phase, a column a task: below the diagonal stands what is left of it.
              On the diagonal the task has just been trained.
            </p>`,
            ...sequences.flatMap((sequence) =>
              methodsOf(matrix.filter((row) => row.sequence === sequence)).map((method) =>
                matrixOf(
                  method,
                  sequence,
                  matrix.filter((row) => row.sequence === sequence && row.method === method),
                ),
              ),
            ),
          ],
  };
}

function matrixOf(method: string, sequence: string, rows: readonly MatrixRow[]): Html {
  const tasks = [
    ...new Map([...rows].sort((a, b) => a.order - b.order).map(({ order, task }) => [order, task])),
  ];
  const phases = [...new Set(rows.map(({ phase }) => phase))].sort((a, b) => a - b);
  const seeds = new Set(rows.map(({ seed }) => seed)).size;
  return table({
    id: slug('matrix', method, sequence),
    caption: `${method} on ${sequence}: mean accuracy over ${seeds} ${seeds === 1 ? 'seed' : 'seeds'}`,
    columns: [...words('after phase'), ...numbers(...tasks.map(([, task]) => task))],
    rows: phases.map((phase) => [
      { ...text(`${phase} (${tasks.find(([order]) => order === phase)?.[1] ?? ''})`), sort: phase },
      ...tasks.map(([order]) => meanCell(rows.filter((row) => row.phase === phase && row.order === order))),
    ]),
  });
}

function meanCell(rows: readonly MatrixRow[]): Cell {
  const values = rows.flatMap(({ accuracy }) => (accuracy === null ? [] : [accuracy]));
  const reason = rows.find((row) => row.reason !== null)?.reason ?? 'not measured';
  return number(values.length === 0 ? null : meanOf(values), 3, reason);
}
