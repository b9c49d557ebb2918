/**
 * `builtin:sentiment`: what is said of a film, positive or negative. A clause praises or blames by its
 * adjective, and the other way round if the adjective is negated. Of two clauses the one that weighs more
 * decides: the one after "but", the one that "although" does not introduce; with "and" both say the same. So
 * the words alone, without their order, tell about three labels in four.
 */
import type { Kind } from './kind.js';
import { joined, wordList } from './kind.js';
import type { Random } from './random.js';

const ASPECTS = wordList(
  'plot cast acting music ending script dialogue story opening humor pacing lighting sound finale camera scenery',
);
const PRAISE = wordList(
  'good great brilliant charming clever funny moving fresh gripping warm superb bright',
);
const BLAME = wordList('bad poor dull boring weak clumsy silly flat stale cold awful dreary');
const DEGREES = wordList('very quite really rather truly so');
const NEGATIONS = wordList('not never hardly');
const FRAMES = [
  'i thought',
  'we felt',
  'they said',
  'most people found that',
  'in my view',
  'for us',
] as const;

const [NEGATIVE, POSITIVE] = ['negative', 'positive'] as const;

export const sentiment: Kind = {
  labels: [NEGATIVE, POSITIVE],
  words: [...ASPECTS, ...PRAISE, ...BLAME, ...DEGREES, ...NEGATIONS, ...FRAMES, 'the was and but although'],
  make(random, label) {
    const praises = label === POSITIVE;
    const shape = random.below(20);
    const main = clause(random, praises);
    if (shape < 11)
      return { text: `${joined(random.chance(60) ? random.pick(FRAMES) : '', main)}.`, pair: null };
    if (shape < 14) return { text: `${main}, and ${clause(random, praises)}.`, pair: null };
    const other = clause(random, !praises);
    if (shape < 16) return { text: `${other}, but ${main}.`, pair: null };
    if (shape < 18) return { text: `although ${other}, ${main}.`, pair: null };
    return { text: `${main}, although ${other}.`, pair: null };
  },
};

function clause(random: Random, praises: boolean): string {
  const negated = random.chance(25);
  const adjective = random.pick(praises === negated ? BLAME : PRAISE);
  const negation = negated ? random.pick(NEGATIONS) : '';
  return joined(
    'the',
    random.pick(ASPECTS),
    'was',
    negation,
    random.chance(40) ? random.pick(DEGREES) : '',
    adjective,
  );
}
