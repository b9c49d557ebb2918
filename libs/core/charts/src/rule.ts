/** A vertical line with its label at the top: where something was cut, or which value was taken. */
import type { Layers } from './chart.js';
import type { Extent } from './extent.js';
import { ink } from './style.js';

export interface Mark {
  readonly x: number;
  readonly label: string;
}

/** Layers for `mark`, or none. The label stands on the side where there is more room. */
export function ruleLayers(mark: Mark | undefined, [low, high]: Extent): Layers {
  if (mark === undefined) return [];
  const right = mark.x - low <= high - mark.x;
  const data = { values: [{ x: mark.x, label: mark.label }] };
  const x = { field: 'x', type: 'quantitative' } as const;
  return [
    { data, mark: { type: 'rule', color: ink.text, strokeWidth: 1.2, strokeDash: [5, 3] }, encoding: { x } },
    {
      data,
      mark: {
        type: 'text',
        align: right ? 'left' : 'right',
        baseline: 'top',
        dx: right ? 6 : -6,
        color: ink.text,
        fontSize: 12,
      },
      encoding: { x, y: { value: 2 }, text: { field: 'label', type: 'nominal' } },
    },
  ];
}

/** A horizontal line with its label above it: a value to compare with. */
export interface Level {
  readonly y: number;
  readonly label: string;
}

/** Layers for `level`, or none. The label stands at the left end. */
export function levelLayers(level: Level | undefined, [low]: Extent): Layers {
  if (level === undefined) return [];
  const data = { values: [{ x: low, y: level.y, label: level.label }] };
  const y = { field: 'y', type: 'quantitative' } as const;
  return [
    { data, mark: { type: 'rule', color: ink.text, strokeWidth: 1.2, strokeDash: [5, 3] }, encoding: { y } },
    {
      data,
      mark: { type: 'text', align: 'left', baseline: 'bottom', dx: 4, dy: -3, color: ink.text, fontSize: 12 },
      encoding: { x: { field: 'x', type: 'quantitative' }, y, text: { field: 'label', type: 'nominal' } },
    },
  ];
}
