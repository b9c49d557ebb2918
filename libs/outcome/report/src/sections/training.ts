/**
 * Training curves: the loss of each phase, a line a method, of the first seed. Phases of different lengths
 * share an axis in percent of their steps; a point is the mean loss of its share, because single steps are
 * noise.
 */
import { lineChart } from '@layerwise/charts';
import type { Artifacts, HistoryRow, Run } from '../artifacts/artifacts.js';
import type { Figure } from '../page/figure.js';
import { html } from '../page/html.js';
import { methodsOf } from '../results/methods.js';
import { missing, slug, type Section } from '../page/section.js';

const MOST_POINTS = 40;

interface Curve {
  readonly name: string;
  readonly loss: readonly number[];
}

export function trainingSection({ runs }: Artifacts): Section {
  const trained = runs.filter(({ history }) => history !== null && history.length > 0);
  const figures = [...groupedByPair(trained)].flatMap(([pair, own]) => curvesOf(pair, own));
  return {
    id: 'training',
    title: 'Training curves',
    parts:
      figures.length === 0
        ? [
            missing(
              'There is no history of a training run here.',
              'npx layerwise finetune --original A --shifted B --encoder DIR --out DIR',
            ),
          ]
        : [
            html`<p>
              Mean cross-entropy of the training batches, before their updates. The second phase begins with a
              head of its own.
            </p>`,
            ...figures,
          ],
  };
}

/**
 * The runs that share a chart: those of an evaluation's pair with its first seed, a line a method; other runs
 * by their tasks.
 */
function groupedByPair(runs: readonly Run[]): ReadonlyMap<string, ReadonlyMap<string, Run>> {
  const pairs = new Map<string, Map<string, Run>>();
  const names = methodsOf(runs.flatMap(({ of }) => (of === null ? [] : [of])));
  const place = (run: Run): number => (run.of === null ? names.length : names.indexOf(run.of.method));
  const sorted = [...runs].sort((a, b) => place(a) - place(b) || (a.of?.seed ?? 0) - (b.of?.seed ?? 0));
  for (const run of sorted) {
    const { pair } = run;
    const name = run.of?.method ?? run.label;
    const same = pairs.get(pair) ?? new Map<string, Run>();
    if (!same.has(name)) same.set(name, run);
    pairs.set(pair, same);
  }
  return pairs;
}

const PHASES: Readonly<Record<string, string>> = {
  original: 'first phase (D_o)',
  shifted: 'second phase (D_s)',
};

/** A phase of a run. A sequence may train a task twice: each time is a phase of its own. */
interface Phase {
  readonly name: string;
  readonly steps: readonly HistoryRow[];
}

function phasesOf(history: readonly HistoryRow[]): readonly Phase[] {
  const phases: { name: string; steps: HistoryRow[] }[] = [];
  for (const row of history) {
    const last = phases.at(-1);
    const goes = last?.steps.at(-1);
    if (last !== undefined && goes?.phase === row.phase && goes.step < row.step) last.steps.push(row);
    else
      phases.push({ name: PHASES[row.phase] ?? `phase ${phases.length + 1} (${row.phase})`, steps: [row] });
  }
  return phases;
}

function curvesOf(pair: string, runs: ReadonlyMap<string, Run>): Figure[] {
  const trained = [...runs].map(([run, { history }]) => ({ run, phases: phasesOf(history ?? []) }));
  const names = [...new Set(trained.flatMap(({ phases }) => phases.map(({ name }) => name)))];
  return names.flatMap((phase) => {
    const histories = trained.flatMap(({ run, phases }) => {
      const found = phases.find(({ name }) => name === phase);
      return found === undefined ? [] : [{ run, steps: found.steps }];
    });
    const points = Math.min(MOST_POINTS, ...histories.map(({ steps }) => steps.length));
    const curves = histories.map(({ run, steps }): Curve => ({ name: run, loss: binned(steps, points) }));
    const drawn = curves.filter(({ loss }) => loss.every(Number.isFinite));
    if (drawn.length === 0) return [];
    const diverged = curves.filter((curve) => !drawn.includes(curve)).map(({ name }) => name);
    const lost =
      diverged.length === 0
        ? ''
        : ` Not drawn, because the loss stopped being a number: ${diverged.join(', ')}.`;
    const x = Array.from({ length: points }, (_, i) => (100 * (i + 1)) / points);
    return [
      {
        id: slug('training', pair, phase),
        chart: lineChart({
          title: `Training loss, ${pair}, ${phase}`,
          subtitle: `mean of each ${(100 / points).toPrecision(2)} % of the phase’s steps`,
          xTitle: '% of the phase',
          yTitle: 'cross-entropy',
          x,
          series: drawn.map(({ name, loss }) => ({ name, y: loss })),
        }),
        caption: `Training loss of ${pair}, ${phase}.${lost}`,
        data: { 'percent of phase': x, ...Object.fromEntries(drawn.map(({ name, loss }) => [name, loss])) },
      },
    ];
  });
}

/** [steps] → [points] means of as many runs of steps, as equal in length as can be. */
function binned(steps: readonly HistoryRow[], points: number): number[] {
  return Array.from({ length: points }, (_, i) => {
    const part = steps.slice(
      Math.floor((i * steps.length) / points),
      Math.floor(((i + 1) * steps.length) / points),
    );
    return part.reduce((sum, { loss }) => sum + loss, 0) / part.length;
  });
}
