/** Names that a command line lists before any model is loaded. */

/** How the tokens of a text become one vector: the first token's, or the mean of all. */
export const POOLINGS = ['cls', 'mean'] as const;
export type Pooling = (typeof POOLINGS)[number];
