/** Names that a command line lists before any trial is read. */

/** How much a pair's trials count; `weightings.ts` says what each does. */
export const WEIGHTING_NAMES = ['rank', 'best', 'top', 'softmax'] as const;
export type WeightingName = (typeof WEIGHTING_NAMES)[number];
