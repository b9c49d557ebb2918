/**
 * Rates that a search or a combination found, for `--rates-from` and the input `ratesFrom` of the stage
 * `finetune`: a folder that `search` or `combine` left, or the study.json, trials.arrow or combination.json
 * in it. Of a search they are its best trial's, for `flat-tuned` its control's.
 */
import { statSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { combinationFile, readJsonFile, readTable, studyFile, trialsTable } from '@layerwise/artifacts';
import { fileExists, InputError } from '@layerwise/errors';
import {
  groupingFromJson,
  isEmptyGroup,
  readGrouping,
  refuseMixedGroupings,
  type Grouping,
  type Rates,
} from '@layerwise/optimizers';

/** A grouping that found rates, and one rate a group, null where it holds nothing. */
interface Found {
  readonly grouping: Grouping;
  readonly rates: Rates;
}

/**
 * As `--rates` takes them, for an encoder of `layers` layers grouped by `groups`.
 * @throws InputError where there are none, or they are of other layer groups
 */
export async function ratesFrom(
  path: string,
  method: string | undefined,
  groups: string,
  layers: number,
): Promise<string> {
  const { grouping, rates } = await foundIn(path, method);
  try {
    refuseMixedGroupings(grouping, readGrouping(groups, layers));
  } catch (error) {
    if (error instanceof InputError) throw new InputError(`The rates from ${path}: ${error.message}`);
    throw error;
  }
  return rates.map(String).join(',');
}

async function foundIn(path: string, method: string | undefined): Promise<Found> {
  if (!fileExists(path)) throw new InputError(`There is nothing at ${path} to take rates from.`);
  const isFolder = statSync(path).isDirectory();
  const folder = isFolder ? path : dirname(path);
  const combination = isFolder ? join(path, 'combination.json') : path;
  if (basename(combination) === 'study.json' || basename(combination) === 'trials.arrow')
    return searched(folder, method);
  if (fileExists(combination)) return combined(combination);
  if (fileExists(join(folder, 'trials.arrow'))) return searched(folder, method);
  throw new InputError(
    `${path} is neither a search's folder nor a combination; give a folder with trials.arrow or combination.json.`,
  );
}

async function searched(folder: string, method: string | undefined): Promise<Found> {
  const file = join(folder, 'trials.arrow');
  const { groups } = (await readTable(file, trialsTable)).metadata;
  if (groups.trim() === '')
    throw new InputError(`${file} names no layer groups, so its trials are not of learning rates.`);
  const grouping = groupingFromJson(groups, file);
  const best = await bestRates(join(folder, 'study.json'));
  const flat = await bestRates(join(folder, 'control', 'study.json'));
  if (method !== 'flat-tuned') {
    if (best !== null) return { grouping, rates: best };
    throw new InputError(`The search in ${folder} has no best trial yet; let it go on.`);
  }
  // The control's own folder will do as well.
  const rates = flat ?? best;
  if (rates !== null && new Set(rates.filter((rate) => rate !== null)).size === 1) return { grouping, rates };
  throw new InputError(
    `The search in ${folder} has no control, which flat-tuned takes its rate from; run it again with --with-control yes.`,
  );
}

/**
 * Rates of the best trial in a study.json; null where no trial was measured, or there is no such file.
 * @throws InputError where it is no search's, or one that has not come to an end
 */
export async function bestRates(file: string): Promise<Rates | null> {
  if (!fileExists(file)) return null;
  const { done, report } = await readJsonFile(studyFile, file);
  if (done === null)
    throw new InputError(
      `The search in ${dirname(file)} has not come to an end, so its best rates may still change; let it go on.`,
    );
  return report.best?.rates ?? null;
}

async function combined(file: string): Promise<Found> {
  const { grouping: written, rates: held } = await readJsonFile(combinationFile, file);
  const grouping = groupingFromJson(JSON.stringify(written), file);
  const left = [...held];
  const rates = grouping.groups.map((group) => (isEmptyGroup(group) ? null : (left.shift() ?? null)));
  return { grouping, rates };
}
