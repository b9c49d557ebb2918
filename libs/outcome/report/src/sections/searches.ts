/**
 * How each search went: the reward of every whole run and the best so far, what it found, and how that
 * compares with its control.
 */
import { isDrawable, lineChart } from '@layerwise/charts';
import type { Artifacts, Search } from '../artifacts/artifacts.js';
import type { Figure } from '../page/figure.js';
import { html, type Html } from '../page/html.js';
import { missing, slug, type Section } from '../page/section.js';
import {
  fixed,
  interval,
  none,
  number,
  numbers,
  signed,
  table,
  text,
  words,
  type Cell,
} from '../page/table.js';

export function searchesSection({ searches }: Artifacts): Section {
  return {
    id: 'searches',
    title: 'Searches',
    parts:
      searches.length === 0
        ? [
            missing(
              'There is no search here.',
              'npx layerwise search --original A --shifted B --encoder DIR --out DIR',
            ),
          ]
        : [
            html`<p>
              The reward is p = p_o + p_s on the rows that choose. The best of many noisy rewards is
              flattered; only repeats with fresh seeds are not.
            </p>`,
            outcomes(searches),
            comparisons(searches),
            ...searches.flatMap(progressOf),
          ],
  };
}

function outcomes(searches: readonly Search[]): Html {
  return table({
    id: 'search-outcomes',
    caption: 'What each search came to',
    columns: [
      ...words('search', 'pair'),
      ...numbers('trials', 'steps', 'best trial', 'its reward', 'repeated (90 % interval)'),
      ...words('ended'),
    ],
    rows: searches.map(({ label, pair, trials, outcome }) => {
      const own = trials.filter((row) => row.repeat_of === null);
      const best = outcome?.report.best ?? null;
      return [
        text(label),
        text(pair),
        number(new Set(own.map(({ trial }) => trial)).size, 0),
        number(
          trials.reduce((sum, { steps }) => sum + steps, 0),
          0,
        ),
        number(best?.trial, 0),
        number(best?.reward, 4),
        best?.repeats ? repeatsCell(best.repeats) : none('not repeated'),
        text(outcome?.done ?? 'it goes on'),
      ];
    }),
  });
}

function repeatsCell({
  mean,
  low,
  high,
  rewards,
}: {
  mean: number;
  low: number | null;
  high: number | null;
  rewards: readonly number[];
}): Cell {
  const range = low === null || high === null ? `${rewards.length} run` : interval(low, high, 4);
  return { show: html`${fixed(mean, 4)} <small>(${range})</small>`, sort: mean };
}

/** Searches beside their controls of one rate for all groups. */
function comparisons(searches: readonly Search[]): Html {
  const compared = searches.flatMap(({ label, outcome }) =>
    outcome?.comparison ? [{ label, ...outcome.comparison }] : [],
  );
  if (compared.length === 0)
    return missing(
      'No search here has a control, a search of one rate for all groups with as many steps.',
      'npx layerwise search … --with-control yes',
    );
  return table({
    id: 'search-controls',
    caption:
      'Best of the search less best of its control (one rate for all groups, as many steps), by runs with fresh seeds',
    columns: [...words('search', 'rows'), ...numbers('search', 'control', 'difference', '90 % interval')],
    rows: compared.map(({ label, rows, search, control, difference, low, high }) => [
      text(label),
      text(rows === 'dev' ? 'dev, which chose nothing' : 'dev, which chose too'),
      number(search.mean, 4),
      number(control.mean, 4),
      { show: signed(difference, 4), sort: difference },
      low === null || high === null ? none('too few runs') : { show: interval(low, high, 4), sort: low },
    ]),
  });
}

function progressOf({ label, pair, trials }: Search): Figure[] {
  // Fidelities are quotients, so that the last one may be 1 but for rounding.
  const whole = trials.flatMap(({ trial, reward, fidelity, repeat_of, state }) =>
    repeat_of === null &&
    state === 'complete' &&
    reward !== null &&
    isDrawable(reward) &&
    Math.abs((fidelity ?? 0) - 1) < 1e-9
      ? [{ trial, reward }]
      : [],
  );
  if (whole.length === 0) return [];
  const best = whole.map((_, i) => Math.max(...whole.slice(0, i + 1).map(({ reward }) => reward)));
  const x = whole.map(({ trial }) => trial);
  const rewards = whole.map(({ reward }) => reward);
  return [
    {
      id: slug('search', label),
      chart: lineChart({
        title: `Search of ${pair}`,
        subtitle: `${label}: whole runs alone, repeats left out`,
        xTitle: 'trial',
        yTitle: 'reward p_o + p_s',
        x,
        series: [
          { name: 'this trial', y: rewards, width: 1 },
          { name: 'best so far', y: best, width: 3 },
        ],
      }),
      caption: `Reward of each whole trial of ${label}, and the best so far.`,
      data: { trial: x, reward: rewards, 'best so far': best },
    },
  ];
}
