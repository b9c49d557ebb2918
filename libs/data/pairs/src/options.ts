/** Names that a command line lists before any pair is read. */

/** What told the parts of a pair apart. */
export const PAIR_KINDS = ['dataset', 'length', 'cluster'] as const;
export type PairKind = (typeof PAIR_KINDS)[number];
