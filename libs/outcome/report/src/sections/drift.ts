/**
 * How far training moved a model: weights by layer group, ‖θ − θ₀‖ / ‖θ₀‖ of a phase, and representations by
 * layer, linear CKA of D_o's dev texts before and after phase 2 (Kornblith et al. 2019; 1: unchanged). Means
 * over seeds, a line a method.
 */
import { lineChart } from '@layerwise/charts';
import { meanOf } from '@layerwise/statistics';
import type { Artifacts, DriftRow } from '../artifacts/artifacts.js';
import type { Figure } from '../page/figure.js';
import { html } from '../page/html.js';
import { methodsOf, pairsOf } from '../results/methods.js';
import { missing, slug, type Section } from '../page/section.js';

const MEASURES = [
  {
    measure: 'weight-change',
    title: 'Relative change of the weights',
    yTitle: '‖θ − θ₀‖ / ‖θ₀‖',
    place: 'layer group',
  },
  {
    measure: 'cka',
    title: 'Likeness of representations before and after',
    yTitle: 'linear CKA',
    place: 'layer',
  },
] as const;

const PHASES: Readonly<Record<string, string>> = { original: 'first phase', shifted: 'second phase' };

export function driftSection({ drift }: Artifacts): Section {
  const figures = pairsOf(drift).flatMap((pair) =>
    MEASURES.flatMap((one) =>
      Object.keys(PHASES).flatMap((phase) =>
        figureOf(
          pair,
          phase,
          one,
          drift.filter((row) => row.pair === pair && row.phase === phase && row.measure === one.measure),
        ),
      ),
    ),
  );
  return {
    id: 'drift',
    title: 'Drift',
    parts:
      figures.length === 0
        ? [
            missing(
              'No drift of weights or representations is known here.',
              'npx layerwise evaluate --pairs A:B --methods flat,distribution --out DIR',
            ),
          ]
        : [
            html`<p>
              How far each phase moves the weights of a layer group, and how alike the representations of the
              first task’s dev texts are before and after the second phase (1: unchanged).
            </p>`,
            ...figures,
          ],
  };
}

function figureOf(
  pair: string,
  phase: string,
  { measure, title, yTitle, place }: (typeof MEASURES)[number],
  rows: readonly DriftRow[],
): Figure[] {
  const places = [...new Map(rows.map((row) => [row.order, row.place]))].sort(([a], [b]) => a - b);
  const series = methodsOf(rows).flatMap((name) => {
    const y = places.map(([order]) =>
      meanAt(rows.filter((row) => row.method === name && row.order === order)),
    );
    return y.every((value) => value !== null) ? [{ name, y }] : [];
  });
  if (places.length === 0 || series.length === 0) return [];
  const incomplete = methodsOf(rows).filter((name) => !series.some((one) => one.name === name));
  const which = PHASES[phase] ?? phase;
  return [
    {
      id: slug('drift', measure, pair, phase),
      chart: lineChart({
        title: `${title}, ${pair}, ${which}`,
        subtitle: `mean over seeds; ${places.map(([, name], i) => `${i}: ${name}`).join(', ')}`,
        xTitle: place,
        yTitle,
        x: places.map((_, i) => i),
        series,
      }),
      caption: `${title} by ${place} in the ${which} of ${pair}.${incomplete.length === 0 ? '' : ` Without a value somewhere, so not drawn: ${incomplete.join(', ')}.`}`,
      data: {
        [place]: places.map(([, name]) => name),
        ...Object.fromEntries(series.map(({ name, y }) => [name, y])),
      },
    },
  ];
}

function meanAt(rows: readonly DriftRow[]): number | null {
  const values = rows.flatMap(({ value }) => (value === null ? [] : [value]));
  return values.length === 0 ? null : meanOf(values);
}
