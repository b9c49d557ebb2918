/**
 * Figure 2 of Kenneweg et al. (IDEAL 2022): layer group on x, learning rate on y (logarithmic), a thin line a
 * pair, the combined rates thick, BERT's customary 2e-5 dashed; and, what the paper lacks, the band of the
 * bootstrap over trials.
 */
import { lineChart, type Chart, type Level } from '@layerwise/charts';
import type { Distribution } from './distribution.js';
import { PAPER_BASE } from '../weights/rank-weights.js';

/** What BERT is fine-tuned with where nobody searches. */
const CUSTOMARY = { y: 2e-5, label: '2e-5, customary' };

/**
 * @param flat one rate for all groups, to compare with
 * @throws InputError where two pairs, or a pair and the combined line, have one name
 */
export function distributionChart(distribution: Distribution, flat: Level = CUSTOMARY): Chart {
  const { groups, rates, band, perPair, settings } = distribution;
  const trials = perPair.reduce((sum, pair) => sum + pair.trials, 0);
  const level = (100 * settings.bootstrap.level).toFixed(0);
  return lineChart({
    title: 'Learning rate of each layer group',
    subtitle:
      `${trials} trials of ${perPair.length === 1 ? 'one pair' : `${perPair.length} pairs`}, weighed by ${weightsText(settings)}; ` +
      `tinted: ${level} % of ${settings.bootstrap.resamples} resamples of the trials`,
    xTitle: `layer group (0: ${groups[0] ?? ''}, ${groups.length - 1}: ${groups.at(-1) ?? ''})`,
    yTitle: 'learning rate',
    x: groups.map((_, group) => group),
    series: [
      { name: 'combined', y: rates, width: 4 },
      ...perPair.map(({ pair, rates: y }) => ({ name: pair, y, width: 1 })),
    ],
    band: { ...band, of: 'combined' },
    level: flat,
    logY: true,
  });
}

function weightsText({ weights, numbers }: Distribution['settings']): string {
  const { b = PAPER_BASE } = numbers;
  return { rank: `rank (b = ${b})`, best: 'the best alone', top: 'the best few alike', softmax: 'reward' }[
    weights
  ];
}
