/**
 * Where searched rates come from: the folders that `search` left, one a pair. From a pair's own search come
 * `distribution` (the best trial of the search) and `flat-tuned` (that of its control, one rate for all
 * groups found with the same budget); from the other pairs' come the rates of `combined` (formula (1) with b
 * = 1.8 over the trials of each pair, then the geometric mean; Kenneweg et al. 2022), so that no pair is
 * judged with rates that it helped to find. A pair that was not searched takes all searches. `flat-combined`
 * is the control of `combined`: one rate for all groups, the geometric mean of those that the other pairs'
 * controls found.
 */
import { join } from 'node:path';
import { combine, readTrialsFile, weightingOf, type PairTrials } from '@layerwise/combination';
import { InputError } from '@layerwise/errors';
import { bestRates } from '@layerwise/finetune';
import { isEmptyGroup, refuseMixedGroupings, type Grouping, type Rates } from '@layerwise/optimizers';
import { meanOf } from '@layerwise/statistics';
import { EVALUATED_METHODS } from '../options.js';

/** One search as it is used here. */
export interface SearchedPair {
  readonly folder: string;
  /** `ORIGINAL → SHIFTED`. */
  readonly pair: string;
  readonly trials: PairTrials;
  /** One a group, null where it holds nothing; null where the search found none. */
  readonly best: Rates | null;
  /** Of the control; null where there was none. */
  readonly flat: Rates | null;
}

/** Reads the folder of a search. @throws InputError where it is none, or its search has not come to an end */
export async function readSearch(folder: string): Promise<SearchedPair> {
  const trials = await readTrialsFile(join(folder, 'trials.arrow'));
  const best = await bestRates(join(folder, 'study.json'));
  const flat = await bestRates(join(folder, 'control', 'study.json'));
  return { folder, pair: trials.pair, trials, best, flat };
}

/**
 * The rates of a method on a pair, null of a method that searches none.
 * @throws InputError where no search tells them, or one was of another grouping
 */
export function searchedRates(
  method: string,
  pair: string,
  searches: readonly SearchedPair[],
  grouping: Grouping,
): Rates | null {
  const source = EVALUATED_METHODS[method]?.rates;
  if (source === undefined) return null;
  if (source.pairs === 'others') {
    const elsewhere = searchesOfOtherPairs(method, pair, searches, grouping);
    return source.of === 'search'
      ? combinedRates(elsewhere, grouping)
      : combinedFlatRates(elsewhere, grouping);
  }
  const own = searches.find((search) => search.pair === pair);
  if (own === undefined) {
    const known = searches.map((search) => search.pair).join(', ');
    throw new InputError(
      `The method ${method} needs a search of the pair ${pair}, and ${known === '' ? 'there is none' : `there are those of ${known}`}; ` +
        'give its folder too, or leave the method out.',
    );
  }
  refuseOtherGrouping(own, grouping);
  if (source.of === 'control') return ratesOfControl(own);
  if (own.best !== null) return own.best;
  throw new InputError(`The search in ${own.folder} has no best trial yet; let it go on.`);
}

/**
 * The flat rate that rivals are given where they train at a tuned one: of the pair's own control, or, where
 * the pair was not searched, of the others' (`flat-combined`).
 * @throws InputError where no search tells it
 */
export function tunedRate(pair: string, searches: readonly SearchedPair[], grouping: Grouping): number {
  const searched = searches.some((search) => search.pair === pair);
  return oneRate(searchedRates(searched ? 'flat-tuned' : 'flat-combined', pair, searches, grouping)!);
}

function ratesOfControl({ flat, folder }: SearchedPair): Rates {
  if (flat !== null) return flat;
  throw new InputError(
    `The search in ${folder} has no control, which tuned flat rates come from; run it again with --with-control yes.`,
  );
}

/** A control gives all groups that hold something the same. */
function oneRate(rates: Rates): number {
  return rates.find((rate) => rate !== null)!;
}

function combinedRates(searches: readonly SearchedPair[], grouping: Grouping): Rates {
  const trials = searches.map((search) => search.trials);
  const left = [...combine(trials, weightingOf('rank', {})).rates];
  return grouping.groups.map((group) => (isEmptyGroup(group) ? null : (left.shift() ?? null)));
}

function combinedFlatRates(searches: readonly SearchedPair[], grouping: Grouping): Rates {
  const rate = Math.exp(meanOf(searches.map((search) => Math.log(oneRate(ratesOfControl(search))))));
  return grouping.groups.map((group) => (isEmptyGroup(group) ? null : rate));
}

/** So that no rates are judged where they were found: at least one, all of this grouping. */
function searchesOfOtherPairs(
  method: string,
  pair: string,
  searches: readonly SearchedPair[],
  grouping: Grouping,
): SearchedPair[] {
  const elsewhere = searches.filter((search) => search.pair !== pair);
  if (elsewhere.length === 0)
    throw new InputError(
      `The method ${method} needs the search of another pair than ${pair}; give its folder, or leave the method out.`,
    );
  for (const search of elsewhere) refuseOtherGrouping(search, grouping);
  return elsewhere;
}

function refuseOtherGrouping({ folder, trials }: SearchedPair, grouping: Grouping): void {
  try {
    refuseMixedGroupings(trials.grouping, grouping);
  } catch (error) {
    if (error instanceof InputError) throw new InputError(`The search in ${folder}: ${error.message}`);
    throw error;
  }
}
