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

/** The methods whose rates were searched. */
const SEARCHED_METHODS = ['flat-tuned', 'distribution', 'combined', 'flat-combined'] as const;
type SearchedMethod = (typeof SEARCHED_METHODS)[number];

export function isSearchedMethod(method: string): method is SearchedMethod {
  return SEARCHED_METHODS.some((name) => name === method);
}

/**
 * The rates of a searched method on a pair.
 * @throws InputError where no search tells them, or one was of another grouping
 */
export function searchedRates(
  method: SearchedMethod,
  pair: string,
  searches: readonly SearchedPair[],
  grouping: Grouping,
): Rates {
  const own = searches.find((search) => search.pair === pair);
  if (method === 'combined') return combinedRates(pair, searches, grouping);
  if (method === 'flat-combined') return combinedFlatRates(pair, searches, grouping);
  if (own === undefined) {
    const known = searches.map((search) => search.pair).join(', ');
    throw new InputError(
      `The method ${method} needs a search of the pair ${pair}, and ${known === '' ? 'there is none' : `there are those of ${known}`}; ` +
        'give its folder too, or leave the method out.',
    );
  }
  refuseOtherGrouping(own, grouping);
  if (method === 'flat-tuned') return ratesOfControl(own);
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
  const rates = searchedRates(searched ? 'flat-tuned' : 'flat-combined', pair, searches, grouping);
  return oneRate(rates);
}

function ratesOfControl({ flat, folder }: SearchedPair): Rates {
  if (flat !== null) return flat;
  throw new InputError(
    `The search in ${folder} has no control, which tuned flat rates come from; run it again with --with-control yes.`,
  );
}

/** A control gives all groups that hold something the same. */
function oneRate(rates: Rates): number {
  const rate = rates.find((one) => one !== null);
  if (rate === undefined) throw new Error('a control without any rate');
  return rate;
}

function combinedRates(pair: string, searches: readonly SearchedPair[], grouping: Grouping): Rates {
  const elsewhere = searchesOfOtherPairs('combined', pair, searches, grouping);
  const { rates } = combine(
    elsewhere.map(({ trials }) => trials),
    weightingOf('rank', {}),
  );
  const left = [...rates];
  return grouping.groups.map((group) => (isEmptyGroup(group) ? null : (left.shift() ?? null)));
}

function combinedFlatRates(pair: string, searches: readonly SearchedPair[], grouping: Grouping): Rates {
  const logs = searchesOfOtherPairs('flat-combined', pair, searches, grouping).map((search) =>
    Math.log(oneRate(ratesOfControl(search))),
  );
  const rate = Math.exp(meanOf(logs));
  return grouping.groups.map((group) => (isEmptyGroup(group) ? null : rate));
}

/** So that no rates are judged where they were found: at least one, all of this grouping. */
function searchesOfOtherPairs(
  method: SearchedMethod,
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
