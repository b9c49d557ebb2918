/**
 * `builtin:paraphrase`: do two sentences say the same? Both tell who did what to what, and perhaps where. A
 * paraphrase may have other words, the passive, or the place in front. Where the two differ, the second tells
 * the opposite deed, or that it never happened, or names somebody or something else.
 */
import type { Kind } from './kind.js';
import { wordList } from './kind.js';
import type { Random } from './random.js';

/** Two words for one. */
const PEOPLE = wordList(
  'doctor/physician lawyer/attorney teacher/instructor writer/author thief/robber boss/manager',
);
const THINGS = wordList('car/automobile stone/rock picture/painting box/chest bag/sack cup/mug');
/** Two words for a deed beside two for its opposite. */
const DEEDS = wordList(
  'bought/purchased:sold/vended mended/repaired:broke/smashed found/discovered:lost/mislaid ' +
    'lifted/raised:lowered/dropped praised/admired:mocked/scorned cleaned/washed:soiled/stained',
);
const PASSIVES: Readonly<Record<string, string>> = { broke: 'broken' };
const PLACES = ['at home', 'in town', 'by the river', 'at night'] as const;

const [DIFFERENT, PARAPHRASE] = ['different', 'paraphrase'] as const;

export const paraphrase: Kind = {
  labels: [DIFFERENT, PARAPHRASE],
  words: [
    ...[...PEOPLE, ...DEEDS, ...THINGS].flatMap((entry) => entry.split(/[/:]/)),
    ...Object.values(PASSIVES),
    ...PLACES,
    'the was by never',
  ],
  make(random, label) {
    const event: Event = {
      who: random.pick(PEOPLE),
      deed: random.pick(DEEDS),
      opposite: random.chance(20),
      never: random.chance(10),
      thing: random.pick(THINGS),
      place: random.chance(40) ? random.pick(PLACES) : '',
    };
    const paired = label === PARAPHRASE ? event : changed(random, event);
    const text = sentence(random, event);
    for (;;) {
      const pair = sentence(random, paired);
      if (pair !== text) return { text, pair };
    }
  },
};

interface Event {
  readonly who: string;
  readonly deed: string;
  /** True for the deed's opposite. */
  readonly opposite: boolean;
  readonly never: boolean;
  readonly thing: string;
  readonly place: string;
}

/** Another event, by one change. */
function changed(random: Random, event: Event): Event {
  const way = random.below(20);
  if (way < 11) return { ...event, opposite: !event.opposite };
  if (way < 16) return { ...event, never: !event.never };
  if (way < 18) return { ...event, who: another(random, PEOPLE, event.who) };
  return { ...event, thing: another(random, THINGS, event.thing) };
}

function another(random: Random, list: readonly [string, ...string[]], than: string): string {
  for (;;) {
    const picked = random.pick(list);
    if (picked !== than) return picked;
  }
}

function sentence(random: Random, { who, deed, opposite, never, thing, place }: Event): string {
  const word = (entry: string): string => entry.split('/')[random.below(2)] ?? entry;
  const [subject, object] = [`the ${word(who)}`, `the ${word(thing)}`];
  const verb = word(deed.split(':')[opposite ? 1 : 0] ?? deed);
  const not = never ? 'never ' : '';
  const clause = random.chance(50)
    ? `${subject} ${not}${verb} ${object}`
    : `${object} was ${not}${PASSIVES[verb] ?? verb} by ${subject}`;
  if (place === '') return `${clause}.`;
  return random.chance(50) ? `${clause} ${place}.` : `${place}, ${clause}.`;
}
