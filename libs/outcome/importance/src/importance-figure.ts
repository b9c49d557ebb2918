/**
 * Importance as a picture: for each layer group two bars, its share alone and with interactions, with their
 * intervals.
 */
import { barChart, type Chart } from '@layerwise/charts';
import type { GroupImportance, Importance } from './importance.js';
import { LEVEL, type Interval } from './interval.js';

/** @throws InputError where two groups have one name */
export function importanceChart({ pair, groups, runs, predicts, settings }: Importance): Chart {
  const series = (name: string, of: (group: GroupImportance) => Interval) => ({
    name,
    values: groups.map((group) => of(group).mean),
    interval: {
      low: groups.map((group) => of(group).low),
      high: groups.map((group) => of(group).high),
    },
  });
  return barChart({
    title: `Which layer groups matter: ${pair}`,
    subtitle:
      `${runs.full} full runs; means and ${(100 * LEVEL).toFixed(0)} % intervals of ${settings.draws} functions drawn from ` +
      `the process, which explains ${(100 * predicts).toFixed(0)} % of the variance of runs it has not seen`,
    xTitle: 'layer group',
    yTitle: "share of the reward's variance",
    legendTitle: '',
    groups: groups.map(({ name }) => name),
    series: [series('alone', ({ first }) => first), series('with interactions', ({ total }) => total)],
  });
}
