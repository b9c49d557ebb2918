/** What happened at each step so far, in columns: kept in checkpoints, and written when the run is over. */
export interface History {
  readonly phase: number[];
  readonly step: number[];
  readonly loss: number[];
  readonly tokens: number[];
  readonly seconds: number[];
}

export const HISTORY_COLUMNS = ['phase', 'step', 'loss', 'tokens', 'seconds'] as const;

export function emptyHistory(): History {
  return { phase: [], step: [], loss: [], tokens: [], seconds: [] };
}
