/**
 * `builtin:agreement`: does the verb agree with its subject? "the dogs near the car are asleep." is
 * acceptable, "the dogs near the car is asleep." is not, nor is "these dog is asleep." The noun after a
 * preposition is there to mislead: its number is free. Where a sentence is wrong, it is wrong in the verb
 * alone.
 */
import type { Kind } from './kind.js';
import { joined, wordList } from './kind.js';
import type { Random } from './random.js';

/** Singular and plural side by side. */
const NOUNS = wordList(
  'dog/dogs cat/cats teacher/teachers farmer/farmers girl/girls boy/boys bird/birds ' +
    'nurse/nurses king/kings child/children woman/women man/men',
);
const PLACES = wordList('car/cars house/houses tree/trees bridge/bridges wall/walls boat/boats');
const DETERMINERS = wordList('the/the this/these that/those one/two every/all');
const PREPOSITIONS = wordList('near behind beside by');
const STATES = wordList('asleep awake hungry tired ready sick late alone angry calm busy lost safe free');
const TIMES = wordList('today now often again still');

/** Pronouns with their verbs, present and past. */
const PRONOUNS = [
  'i am/was',
  'you are/were',
  'he is/was',
  'she is/was',
  'we are/were',
  'they are/were',
] as const;
const VERBS = ['am/was', 'is/was', 'are/were'] as const;
const [, SINGULAR, PLURAL] = VERBS;

const [ACCEPTABLE, UNACCEPTABLE] = ['acceptable', 'unacceptable'] as const;

export const agreement: Kind = {
  labels: [ACCEPTABLE, UNACCEPTABLE],
  words: [
    ...[...NOUNS, ...PLACES, ...DETERMINERS].flatMap((pair) => pair.split('/')),
    ...[...PRONOUNS, ...VERBS].flatMap((entry) => entry.split(/[ /]/)),
    ...PREPOSITIONS,
    ...STATES,
    ...TIMES,
  ],
  make(random, label) {
    const [subject, verbs] = random.chance(35) ? pronoun(random) : nounPhrase(random);
    const tense = random.chance(70) ? 0 : 1;
    const right = form(verbs, tense);
    const verb = label === ACCEPTABLE ? right : wrongVerb(random, right, tense);
    const time = random.chance(40) ? random.pick(TIMES) : '';
    return { text: `${joined(subject, verb, time, random.pick(STATES))}.`, pair: null };
  },
};

type Subject = readonly [words: string, verbs: string];

function pronoun(random: Random): Subject {
  const [word = '', verbs = ''] = random.pick(PRONOUNS).split(' ');
  return [word, verbs];
}

function nounPhrase(random: Random): Subject {
  const number = random.below(2);
  const noun = joined(form(random.pick(DETERMINERS), number), form(random.pick(NOUNS), number));
  const aside = joined(random.pick(PREPOSITIONS), 'the', form(random.pick(PLACES), random.below(2)));
  return [random.chance(50) ? joined(noun, aside) : noun, number === 0 ? SINGULAR : PLURAL];
}

function wrongVerb(random: Random, right: string, tense: number): string {
  for (;;) {
    const verb = form(random.pick(VERBS), tense);
    if (verb !== right) return verb;
  }
}

/** The first or the second of two forms. */
function form(pair: string, number: number): string {
  return pair.split('/')[number] ?? pair;
}
