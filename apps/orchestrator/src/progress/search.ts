/**
 * Progress of a search: its table or lines on the screen, with the time left by the pace of this call, and
 * before that by the journal's.
 */
import type { SearchView, StudyState } from '@layerwise/search';
import { createLiveLines } from './live-lines.js';
import type { Screen } from './meter.js';
import { searchLines, searchSummary, stepsDone, type SearchMoment } from './search-table.js';

export interface SearchProgress {
  readonly show: (view: SearchView) => void;
  readonly end: () => void;
}

/** Below this a pace says nothing yet. */
const leastSeconds = 5;

export interface SearchSize {
  /** Steps of the plan and its repeats. */
  readonly planned: number;
  /** What steps are called. */
  readonly unit: string;
  readonly workers: number;
}

/** @param begun the state that the search goes on from */
export function searchProgress(
  screen: Screen,
  begun: StudyState,
  { planned, unit, workers }: SearchSize,
): SearchProgress {
  const lines = createLiveLines(screen);
  const began = screen.now();
  const before = stepsDone({ state: begun, running: new Map() });
  const known = secondsPerStep(begun);
  let results = begun.order.length;
  const left = (done: number): number | null => {
    const [seconds, steps] = [screen.now() - began, done - before];
    const pace =
      seconds >= leastSeconds && steps > 0 ? seconds / steps : known === null ? null : known / workers;
    return pace === null ? null : pace * Math.max(0, planned - done);
  };
  return {
    show: (view) => {
      const isNews = view.state.order.length > results;
      results = view.state.order.length;
      const moment = (): SearchMoment => ({ ...view, planned, unit, secondsLeft: left(stepsDone(view)) });
      lines.show(
        () => searchLines(moment()),
        () => searchSummary(moment()),
        isNews,
      );
    },
    end: lines.end,
  };
}

/** Of one worker, over all that was measured; null before anything was. */
export function secondsPerStep({ trials }: StudyState): number | null {
  const rungs = trials.flatMap(({ measurements }) => measurements);
  const steps = rungs.reduce((sum, rung) => sum + rung.steps, 0);
  return steps > 0 ? rungs.reduce((sum, rung) => sum + rung.seconds, 0) / steps : null;
}
