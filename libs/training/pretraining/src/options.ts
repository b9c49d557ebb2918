/** Names that a command line lists before any model is loaded. */

/**
 * What stands in a chosen token's place: [MASK] in 80 %, another word in 10 %, the word itself in 10 %; or
 * [MASK] always.
 */
export const MASKINGS = ['bert', 'mask'] as const;
export type Masking = (typeof MASKINGS)[number];
