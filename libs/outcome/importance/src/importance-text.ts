/** Importance for people: the table that `layerwise importance` prints. */
import { areAlike } from '@layerwise/combination';
import { textTable } from '@layerwise/artifacts';
import type { Importance } from './importance.js';
import { LEVEL, type Interval } from './interval.js';
import type { MeasuredBest } from './measured.js';

/** Below it the process tells hardly more of a run than the mean of all does. */
const LITTLE = 0.2;

/** Lines without a break at the end. */
export function importanceText({ pair, groups, runs, predicts, predicted, measured }: Importance): string {
  const percent = `${(100 * LEVEL).toFixed(0)} %`;
  return [
    `${pair}: ${runs.full} full runs, ${runs.partial} shorter ones; ${runs.silent} trials told no reward`,
    `the process explains ${(100 * predicts).toFixed(0)} % of the variance of full runs that it has not seen${predicts < LITTLE ? ', too little to conclude from' : ''}`,
    '',
    `share of the reward's variance over the space, ${percent} intervals`,
    ...textTable([
      ['  ', 'group', 'alone', 'with interactions'],
      ...groups.map(({ name, first, total }, i) => [
        String(i).padStart(2),
        name,
        shareText(first).padEnd(19),
        shareText(total),
      ]),
    ]),
    ...(predicted === null
      ? []
      : [
          '',
          `predicted, the best flat rate  ${rewardText(predicted.flat.reward)} at ${predicted.flat.rate.toExponential(1)}`,
          `predicted, the best rates      ${rewardText(predicted.best.reward)}`,
          `                    difference ${rewardText(predicted.difference, true)}, above 0 in ${(100 * predicted.probability).toFixed(0)} % of the draws`,
        ]),
    '',
    ...[
      ['measured, the best trial      ', measured.best] as const,
      ['measured, its best flat trial ', measured.flat] as const,
      ['measured, the control         ', measured.control] as const,
    ].flatMap(([label, one]) => (one === null ? [] : [`${label} ${measuredText(one)}`])),
  ].join('\n');
}

function shareText({ mean, low, high }: Interval): string {
  return `${mean.toFixed(2)} (${low.toFixed(2)} … ${high.toFixed(2)})`;
}

function rewardText({ mean, low, high }: Interval, isDifference = false): string {
  const text = (value: number): string => `${isDifference && value >= 0 ? '+' : ''}${value.toFixed(4)}`;
  return `${text(mean)} (${text(low)} … ${text(high)})`;
}

function measuredText({ trial, values, reward, runs, fresh, of }: MeasuredBest): string {
  const flat = areAlike(values.map(Number)) ? ` at ${Number(values[0]).toExponential(1)}` : '';
  const mean = runs === 1 ? '' : `, mean of ${runs} runs`;
  const fresher = fresh === null ? '' : `, fresh seeds ${rewardText(fresh)}`;
  return `${reward.toFixed(4)}${flat} (trial ${trial}, of ${of}${mean}${fresher})`;
}
