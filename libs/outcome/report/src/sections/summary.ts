/**
 * The page's first section: three sentences, on forgetting at the flat rate, on what the found distribution
 * does about it, and on whether that is the distribution's merit or a lower rate's. What no interval supports
 * is not claimed, and what is not known is said.
 */
import { counted } from '@layerwise/errors';
import { meanInterval } from '@layerwise/statistics';
import type { Artifacts, SummaryRow } from '../artifacts/artifacts.js';
import { differenceInWords, differenceOf, verdictOf, type Difference } from '../results/comparison.js';
import { html, type Html } from '../page/html.js';
import { flatRateOf, pairsOf, summaryOf } from '../results/methods.js';
import type { Section } from '../page/section.js';
import { fixed, interval, rateText, signed } from '../page/table.js';

/** So many pairs are named one by one. */
const FEW_PAIRS = 3;

const EVALUATE = 'npx layerwise evaluate --methods flat,flat-tuned,distribution …';

export function summarySection(artifacts: Artifacts): Section {
  const sentences = summarySentences(artifacts);
  return {
    id: 'summary',
    title: 'Summary',
    parts: [
      html`<div class="summary">${sentences.map((sentence) => html`<p>${sentence}</p> `)}</div>`,
      context(artifacts),
    ],
  };
}

/** Three sentences without markup: also what the command line prints. */
export function summarySentences(artifacts: Artifacts): readonly [string, string, string] {
  return [forgetting(artifacts), prevention(artifacts), control(artifacts)];
}

function context({ evaluation }: Artifacts): Html {
  if (evaluation.length === 0) return html``;
  const seeds = new Set(evaluation.map(({ seed }) => seed)).size;
  const failed = evaluation.filter(({ status }) => status !== 'complete').length;
  return html`<p class="quiet">
    From ${counted(evaluation.length, 'run')}: ${counted(pairsOf(evaluation).length, 'pair')},
    ${counted(seeds, 'seed')}${failed === 0 ? '' : `; ${counted(failed, 'run')} diverged or failed`}.
    Accuracies are shares of dev rows; p_o is accuracy on the first task (D_o) after training on the second
    (D_s), p_s that on the second; forgetting is p_o before that training less p_o after it.
  </p>`;
}

function forgetting(artifacts: Artifacts): string {
  const rows = figures(artifacts, 'flat', 'forgetting');
  const [first] = rows;
  if (first === undefined) return withoutEvaluation(artifacts);
  const rate = flatRateOf(artifacts);
  const at = rate === null ? 'At the flat rate' : `At the flat rate of ${rateText(rate)}`;
  if (rows.length === 1) {
    const { pair, mean, seeds } = first;
    const begun = `${at}, ${pair}: forgetting is ${fixed(mean)} (${intervalInWords(first)}, ${counted(seeds, 'seed')})`;
    const unlearnt = unlearntOn(artifacts, pair);
    if (unlearnt !== null) return `${begun}, but ${unlearnt}.`;
    const before = summaryOf(artifacts, 'flat', pair, 'accuracy_original_before')?.mean;
    const after = summaryOf(artifacts, 'flat', pair, 'accuracy_original')?.mean;
    const change =
      typeof before === 'number' && typeof after === 'number'
        ? `, p_o going from ${fixed(before)} to ${fixed(after)}`
        : '';
    return `${begun}, so ${forgettingVerdict(first)}${change}.`;
  }
  const estimates = rows.map((row) => ({ ...row, value: row.mean }));
  const unlearnt = rows.flatMap(({ pair }) => (unlearntOn(artifacts, pair) === null ? [] : [pair]));
  const { higher } = countsOf(estimates.filter(({ pair }) => !unlearnt.includes(pair)));
  const but =
    unlearnt.length === 0
      ? ''
      : `; on ${unlearnt.join(' and ')} there was nothing to forget, as p_o before the second task is no better than the share of the most frequent label`;
  return `${at}, forgetting is ${spread(estimates, fixed)}: the first task is forgotten on ${higher} of ${rows.length} pairs, where the 95 % interval over seeds lies above 0${but}.`;
}

/**
 * That D_o was never learnt at the flat rate, in words: p_o before phase 2 is no better than always answering
 * the most frequent label of its dev split, whose share the 95 % interval over seeds holds or lies below.
 * Null where it was, or where that cannot be told.
 */
function unlearntOn(artifacts: Artifacts, pair: string): string | null {
  const before = summaryOf(artifacts, 'flat', pair, 'accuracy_original_before');
  const share = artifacts.majorities.find((one) => one.pair === pair)?.share;
  if (share === undefined || before === undefined || before.mean === null) return null;
  if ((before.low ?? before.mean) > share) return null;
  return `the first task is not shown to have been learnt before the second, so there was nothing to forget: p_o was ${fixed(before.mean)} (${intervalInWords(before)}) where always giving its most frequent label gives ${fixed(share)}`;
}

function withoutEvaluation({ evaluation, runs }: Artifacts): string {
  if (evaluation.length > 0)
    return `No forgetting of the method flat is known, so it cannot be said whether the flat rate forgets; ${EVALUATE} evaluates it.`;
  const [run] = runs.flatMap(({ label, result }) =>
    typeof result?.accuracyOriginal === 'number' ? [{ label, result }] : [],
  );
  if (run === undefined)
    return `There is no evaluation here, so it cannot be said whether the flat rate forgets; ${EVALUATE} makes one.`;
  const { original, shifted, accuracyOriginalBefore, accuracyOriginal } = run.result;
  return `There is no evaluation here, only single runs, which have no interval: in ${run.label}, accuracy on ${original} went from ${fixed(accuracyOriginalBefore ?? NaN)} to ${fixed(accuracyOriginal ?? NaN)} when ${shifted} was trained after it.`;
}

function forgettingVerdict(row: SummaryRow): string {
  if (row.low === null || row.high === null) return 'nothing is shown';
  const verdict = verdictOf(row);
  if (verdict === 'higher') return 'the first task is forgotten';
  return verdict === 'lower' ? 'the first task gains from the second' : 'no forgetting is shown';
}

function prevention(artifacts: Artifacts): string {
  const method = foundMethod(artifacts);
  if (method === null)
    return `No found distribution was compared with the flat rate here, so it cannot be said how much it prevents; ${EVALUATE} does.`;
  const name = method === 'distribution' ? 'The found distribution' : 'The combined distribution';
  const pairs = estimatesOf(artifacts, method, 'flat', 'accuracy_original');
  const shifted = estimatesOf(artifacts, method, 'flat', 'accuracy_shifted');
  const [first] = pairs;
  if (first === undefined)
    return `${name} was compared with the flat rate, but no difference in p_o could be had (${reasonOf(artifacts, method)}).`;
  if (pairs.length > 1) {
    const { higher, lower } = countsOf(pairs);
    const cost = shifted.length === 0 ? '' : `; p_s changes by ${spread(shifted, signed)}`;
    return `${name} changes p_o against the flat rate by ${spread(pairs, signed)}: a gain is shown on ${higher} of ${pairs.length} pairs (paired bootstrap, 95 %), a loss on ${lower}${cost}.`;
  }
  const share = prevented(artifacts, method, first.pair);
  const [other] = shifted;
  const cost = other === undefined ? '' : `, while p_s differs by ${differenceInWords(other)}`;
  return `${name} ${share}; its p_o differs from the flat rate’s by ${differenceInWords(first)}, ${differenceVerdict(first)}${cost}.`;
}

/** How forgetting changed, in numbers. */
function prevented(artifacts: Artifacts, method: string, pair: string): string {
  const flat = summaryOf(artifacts, 'flat', pair, 'forgetting')?.mean;
  const found = summaryOf(artifacts, method, pair, 'forgetting')?.mean;
  if (typeof flat !== 'number' || typeof found !== 'number')
    return 'was evaluated, though how much it forgets is not known';
  const share = flat > 0 && found < flat ? ` (${(100 * (1 - found / flat)).toFixed(0)} % less)` : '';
  return `forgets ${fixed(found)} where the flat rate forgets ${fixed(flat)}${share}`;
}

function differenceVerdict(difference: Difference): string {
  const verdict = verdictOf(difference);
  if (verdict === 'not shown') return 'so no difference is shown';
  const doubt =
    difference.mcnemar !== null && difference.mcnemar >= 0.05
      ? ', though McNemar’s test of the first seed alone does not see it'
      : '';
  return `so it is ${verdict} by more than chance${doubt}`;
}

function control(artifacts: Artifacts): string {
  const method = foundMethod(artifacts) ?? 'distribution';
  const pairs = estimatesOf(artifacts, method, 'flat-tuned', 'reward');
  const [first] = pairs;
  if (first === undefined)
    return `It was not compared with a flat rate tuned at the same budget (method flat-tuned), so whether the distribution or only a better flat rate does it is open.`;
  const against = 'Against a flat rate tuned at the same budget';
  if (pairs.length > 1) {
    const { higher, lower } = countsOf(pairs);
    const verdict =
      higher + lower === 0
        ? ', so it is not shown that the distribution does more than one good rate for all'
        : '';
    return `${against}, p_o + p_s changes by ${spread(pairs, signed)}: a gain is shown on ${higher} of ${pairs.length} pairs, a loss on ${lower}${verdict}.`;
  }
  const conclusion = {
    higher: 'so different rates for the groups are worth more than one good rate here',
    lower: 'so one good rate for all does better here',
    'not shown': 'so it is not shown that the distribution does more than one good rate for all',
  }[verdictOf(first)];
  return `${against}, p_o + p_s differs by ${differenceInWords(first)}, ${conclusion}.`;
}

/** What was found and compared with the flat rate: the pair's own distribution, or else the combined one. */
function foundMethod({ comparisons }: Artifacts): string | null {
  const compared = (method: string): boolean =>
    comparisons.some(
      (row) => [row.method, row.against].includes(method) && [row.method, row.against].includes('flat'),
    );
  return ['distribution', 'combined'].find(compared) ?? null;
}

function reasonOf({ comparisons }: Artifacts, method: string): string {
  const row = comparisons.find((one) => [one.method, one.against].includes(method) && one.reason !== null);
  return row?.reason ?? 'no reason is given';
}

type Known = SummaryRow & { readonly mean: number };

function figures(artifacts: Artifacts, method: string, measure: string): readonly Known[] {
  return artifacts.summary.flatMap((row) =>
    row.method === method && row.measure === measure && row.mean !== null ? [{ ...row, mean: row.mean }] : [],
  );
}

/** A figure of a pair, with its own interval. */
type Estimate = Pick<Difference, 'low' | 'high'> & { readonly pair: string; readonly value: number };

/** `method` less `against` on every pair that has the figure. */
function estimatesOf(
  artifacts: Artifacts,
  method: string,
  against: string,
  measure: string,
): readonly (Estimate & Difference)[] {
  return pairsOf(artifacts.comparisons).flatMap((pair) => {
    const found = differenceOf(artifacts, method, against, pair, measure);
    return found === undefined || found.difference === null
      ? []
      : [{ ...found, pair, value: found.difference }];
  });
}

function countsOf(estimates: readonly Estimate[]): { readonly higher: number; readonly lower: number } {
  const count = (verdict: string) => estimates.filter((one) => verdictOf(one) === verdict).length;
  return { higher: count('higher'), lower: count('lower') };
}

/** Each of a few; of more the mean, with the interval that other pairs would move it in, and the extremes. */
function spread(estimates: readonly Estimate[], show: (value: number) => string): string {
  if (estimates.length <= FEW_PAIRS)
    return estimates
      .map((one) => `${show(one.value)} (${intervalInWords(one)}) on ${one.pair}`)
      .join(' and ');
  const sorted = [...estimates].sort((a, b) => a.value - b.value);
  const ends = [sorted[0], sorted.at(-1)].flatMap((one) =>
    one === undefined ? [] : [`${show(one.value)} (${one.pair})`],
  );
  const values = estimates.map(({ value }) => value);
  const { mean, ...range } = meanInterval(values, 0.95);
  return `${show(mean)} on average over ${estimates.length} pairs (${intervalInWords(range)} over pairs), from ${ends.join(' to ')}`;
}

function intervalInWords({ low, high }: Pick<Difference, 'low' | 'high'>): string {
  return low === null || high === null ? 'no interval' : `95 % interval ${interval(low, high)}`;
}
