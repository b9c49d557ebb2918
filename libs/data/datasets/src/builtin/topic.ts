/**
 * `builtin:topic`: what a sentence is about, one of four topics: that of its main clause. A clause after
 * "after" or "before" may speak of another.
 */
import type { Kind } from './kind.js';
import { wordList } from './kind.js';
import type { Random } from './random.js';

const TOPICS = {
  cooking: {
    who: wordList('cook baker chef waiter'),
    does: wordList('baked stirred peeled roasted tasted'),
    what: wordList('soup bread pie onions cake rice potatoes sauce'),
  },
  music: {
    who: wordList('singer pianist drummer violinist'),
    does: wordList('sang composed rehearsed hummed recorded'),
    what: wordList('song melody waltz hymn ballad concerto chorus symphony'),
  },
  sports: {
    who: wordList('runner goalkeeper swimmer coach'),
    does: wordList('won lost finished watched entered'),
    what: wordList('race match tournament final game relay league cup'),
  },
  weather: {
    who: wordList('forecaster sailor pilot shepherd'),
    does: wordList('predicted feared noticed measured reported'),
    what: wordList('storm rain wind frost fog thunder snow hail'),
  },
} as const;

const NAMES = ['cooking', 'music', 'sports', 'weather'] as const;
const DAYS = wordList('monday tuesday wednesday thursday friday saturday sunday');
const ADJECTIVES = wordList('old young famous local tired cheerful');
const JOINTS = wordList('after before');

export const topic: Kind = {
  labels: NAMES,
  words: [
    ...NAMES.flatMap((name) => Object.values(TOPICS[name]).flat()),
    ...DAYS,
    ...ADJECTIVES,
    ...JOINTS,
    'the on',
  ],
  make(random, label) {
    const name = NAMES.find((known) => known === label) ?? NAMES[0];
    const day = random.chance(40) ? ` on ${random.pick(DAYS)}` : '';
    const main = `${clause(random, name)}${day}`;
    if (random.chance(60)) return { text: `${main}.`, pair: null };
    const aside = `${random.pick(JOINTS)} ${clause(random, random.pick(NAMES))}`;
    return { text: random.chance(50) ? `${main} ${aside}.` : `${aside}, ${main}.`, pair: null };
  },
};

function clause(random: Random, name: (typeof NAMES)[number]): string {
  const { who, does, what } = TOPICS[name];
  const adjective = random.chance(40) ? `${random.pick(ADJECTIVES)} ` : '';
  return `the ${adjective}${random.pick(who)} ${random.pick(does)} the ${random.pick(what)}`;
}
