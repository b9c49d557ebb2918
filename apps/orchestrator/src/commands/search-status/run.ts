/**
 * `layerwise search-status` behind its options: all that it tells follows from the journal, which it reads as
 * it stands, so that a running search is neither stopped nor waited for.
 */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { manifestName } from '@layerwise/artifacts';
import { InputError } from '@layerwise/errors';
import { describePlan, planCost, type StudyState } from '@layerwise/search';
import {
  bestRows,
  bestTableText,
  controlOf,
  journalOf,
  stateIn,
  costOfRecord,
  ratesOf,
  recordOf,
  stepsName,
  titleOf,
  reportText,
  searchReport,
} from '@layerwise/rate-search';
import type { SearchStatusCommandOptions } from './options.js';
import type { Outcome } from '../../running/run-command.js';

export function runSearchStatus(folder: string, { best }: SearchStatusCommandOptions): Outcome {
  const state = stateIn(folder);
  if (state === null)
    throw new InputError(
      `${folder} holds no search: it has no ${journalOf('.')} with a beginning; give the --out folder of \`layerwise search\`.`,
    );
  const control = stateIn(controlOf(folder));
  // A control ends with its search, which has the only manifest.
  const isDone = existsSync(join(folder, manifestName));
  const search = statusOf(state, folder, best, isDone, folder);
  if (control === null) return search;
  const other = statusOf(control, controlOf(folder), best, isDone, folder);
  return {
    text: `${search.text}\n\nControl:\n${other.text}`,
    json: { ...search.json, control: other.json },
  };
}

/** @param out the folder that the search was started with */
function statusOf(
  state: StudyState,
  folder: string,
  most: number,
  isDone: boolean,
  out: string,
): { readonly text: string; readonly json: Readonly<Record<string, unknown>> } {
  const journal = journalOf(folder);
  const { settings } = state;
  const record = recordOf(settings, journal);
  const rateSpace = ratesOf(record, settings.space, journal);
  const cost = costOfRecord(record);
  const unit = stepsName(record);
  const trials = settings.trials ?? 1;
  const rows = bestRows(state, rateSpace, most);
  const report = searchReport(state, rateSpace);
  const end = isDone
    ? `It is done; results are in ${folder}.`
    : `It is not done: unless it runs just now, the same \`layerwise search\` command with --out ${out} continues it.`;
  const plan = describePlan(settings.plan, trials, cost, unit);
  const table = rows.length === 0 ? [] : ['best trials so far:', bestTableText(rows)];
  return {
    text: [plan, reportText(titleOf(record), report, unit), ...table, end].join('\n'),
    json: {
      out: folder,
      done: isDone,
      searched: record,
      plan: planCost(settings.plan, trials, cost),
      report,
      best: rows,
    },
  };
}
