/** A distribution for people: the table that `layerwise combine` prints. */
import { textTable } from '@layerwise/artifacts';
import { counted } from '@layerwise/errors';
import type { Distribution, PairSummary } from './distribution.js';

/** Lines without a break at the end. */
export function distributionText(distribution: Distribution): string {
  const { groups, rates, band, perPair, leftOut, settings } = distribution;
  const percent = `${(100 * settings.bootstrap.level).toFixed(0)} %`;
  const numbers = Object.entries(settings.numbers).flatMap(([name, value]) =>
    value === undefined ? [] : [`${name} ${value}`],
  );
  const trials = perPair.reduce((sum, pair) => sum + pair.trials, 0);
  return [
    `${counted(trials, 'trial')} of ${counted(perPair.length, 'pair')}, weights ${[settings.weights, ...numbers].join(', ')}`,
    '',
    ...textTable([
      ['  ', 'group', 'rate', `bootstrap over trials, ${percent}`],
      ...groups.map((name, i) => [
        String(i).padStart(2),
        name,
        rateText(rates[i]),
        `${rateText(band.low[i])} … ${rateText(band.high[i])}`,
      ]),
    ]),
    '',
    ...textTable(perPair.map((pair) => [pair.pair, pairText(pair)])),
    ...(leftOut.length === 0 ? [] : ['']),
    ...textTable(
      leftOut.map(({ pair, largestFactor }) => [
        `without ${pair}`,
        `rates differ by a factor of up to ${largestFactor.toFixed(2)}`,
      ]),
    ),
  ].join('\n');
}

function pairText({ trials, bestReward, flat: [flat] }: PairSummary): string {
  const best = `${counted(trials, 'trial')}, the best reward ${bestReward.toFixed(4)}`;
  if (flat === undefined) return `${best}, no flat trial`;
  return `${best}; flat ${flat.rate.toExponential(1)} is number ${flat.place} with ${flat.reward.toFixed(4)}`;
}

function rateText(rate = NaN): string {
  return rate.toExponential(3).padEnd(9);
}
