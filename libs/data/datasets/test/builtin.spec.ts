/**
 * Built-in tasks: the same rows for the same seed, balanced, none twice, and each label found again from the
 * text by rules written here a second time.
 */
import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { BUILTIN_TASKS, builtinVocabulary, generateTask, openTask } from '../src/index.js';
import { refusal } from './scratch.js';

const words = (text: string): string[] => text.match(/[a-z]+|[^a-z\s]/g) ?? [];
const has = (list: string, word: string): boolean => list.split(' ').includes(word);

const PRAISE = 'good great brilliant charming clever funny moving fresh gripping warm superb bright';

function sentimentOf(text: string): string {
  const clauses = text.replace('.', '').split(', ');
  const decisive = clauses.filter((clause) => !clause.startsWith('although')).at(-1)!;
  const said = words(decisive);
  const negated = said.some((word) => has('not never hardly', word));
  return has(PRAISE, said.at(-1)!) === negated ? 'negative' : 'positive';
}

function agreementOf(text: string): string {
  const said = words(text);
  const at = said.findIndex((word) => has('am is are was were', word));
  const plurals = 'dogs cats teachers farmers girls boys birds nurses kings children women men';
  const [first = '', second = ''] = said;
  const person = first === 'i' ? 'i' : has('you we they', first) || has(plurals, second) ? 'many' : 'one';
  const fit = { i: 'am was', one: 'is was', many: 'are were' }[person];
  return has(fit, said[at]!) ? 'acceptable' : 'unacceptable';
}

const TOPIC_WORDS = {
  cooking: 'soup bread pie onions cake rice potatoes sauce',
  music: 'song melody waltz hymn ballad concerto chorus symphony',
  sports: 'race match tournament final game relay league cup',
  weather: 'storm rain wind frost fog thunder snow hail',
};

function topicOf(text: string): string {
  const first = /^(after|before)/.test(text);
  const main = first ? text.split(', ')[1]! : text.split(/ after | before /)[0]!;
  return Object.entries(TOPIC_WORDS).find(([, list]) => words(main).some((word) => has(list, word)))![0];
}

const SAME: readonly string[] = [
  'doctor physician',
  'lawyer attorney',
  'teacher instructor',
  'writer author',
  'thief robber',
  'boss manager',
  'car automobile',
  'stone rock',
  'picture painting',
  'box chest',
  'bag sack',
  'cup mug',
  'bought purchased',
  'sold vended',
  'mended repaired',
  'broke broken smashed',
  'found discovered',
  'lost mislaid',
  'lifted raised',
  'lowered dropped',
  'praised admired',
  'mocked scorned',
  'cleaned washed',
  'soiled stained',
];

/** The meanings of the words, without their order: no two events here differ in order alone. */
function meaning(text: string): string {
  const places = words(
    text.replace(/at home|in town|by the river|at night/, (place) => place.replaceAll(' ', '')),
  );
  const told = places.filter((word) => !has('the was by , .', word));
  return told
    .map((word) => SAME.find((set) => has(set, word)) ?? word)
    .sort()
    .join('|');
}

const labelOf: Record<string, (text: string, pair: string | null) => string> = {
  sentiment: sentimentOf,
  agreement: agreementOf,
  topic: topicOf,
  paraphrase: (text, pair) => (meaning(text) === meaning(pair!) ? 'paraphrase' : 'different'),
};

describe.each(BUILTIN_TASKS)('builtin:%s', (name) => {
  const task = generateTask(`builtin:${name}`);
  const all = [task.train, task.dev];
  const rowsOf = (split: (typeof all)[0]): string[] =>
    split.text.map((text, i) => `${text}\t${split.pair?.[i] ?? ''}`);

  it('has 2,000 and 400 rows, labels in order and evenly spread', () => {
    expect(all.map(({ text }) => text.length)).toEqual([2000, 400]);
    expect(task.labels).toEqual([...task.labels].sort());
    for (const { label, index } of all) {
      for (const code of task.labels.keys())
        expect(label.filter((found) => found === code)).toHaveLength(label.length / task.labels.length);
      expect([...index]).toEqual([...label.keys()]);
      expect(new Set(label.slice(0, 20)).size, 'labels in a mixed order').toBe(task.labels.length);
    }
  });

  it('has no row twice, in train and dev together', () => {
    const rows = all.flatMap(rowsOf);
    expect(new Set(rows).size).toBe(2400);
  });

  it('labels every row as its rule says', () => {
    for (const { text, pair, label } of all) {
      const found = text.map((sentence, i) => labelOf[name]!(sentence, pair?.[i] ?? null));
      expect(found).toEqual(Array.from(label, (code) => task.labels[code]));
    }
  });

  it('is the same for the same seed, another for another', () => {
    expect(generateTask(`builtin:${name}?seed=1`)).toEqual(task);
    const other = generateTask(`builtin:${name}?rows=300&devRows=50&seed=2`);
    expect(rowsOf(other.train).filter((row, i) => row === rowsOf(task.train)[i]).length).toBeLessThan(30);
    expect(other.train.text).toHaveLength(300);
    expect(other.dev.text).toHaveLength(50);
  });

  it('uses exactly the words of the vocabulary, in lower case', () => {
    const vocabulary = new Set(builtinVocabulary());
    const used = all.flatMap(rowsOf).flatMap(words);
    expect(used.filter((word) => !vocabulary.has(word))).toEqual([]);
  });

  it('has enough to say for 20,000 and 20,000 rows', () => {
    const large = generateTask(`builtin:${name}?rows=20000&devRows=20000`);
    expect(new Set([...rowsOf(large.train), ...rowsOf(large.dev)]).size).toBe(40_000);
  });
});

it('gives the bits that it gave when this was written', () => {
  const digests = BUILTIN_TASKS.map((name) => {
    const { train, dev } = generateTask(`builtin:${name}?seed=7`);
    return createHash('sha256')
      .update(JSON.stringify([train, dev]))
      .digest('hex')
      .slice(0, 16);
  });
  expect(digests).toMatchInlineSnapshot(`
    [
      "03f0c6ecb8558824",
      "8fd894e5a4c1a6de",
      "35a373762e9be424",
      "f04fa791622ec4ec",
    ]
  `);
});

it('the vocabulary has every word that is used and no other, sorted', () => {
  const vocabulary = builtinVocabulary();
  expect(vocabulary).toEqual([...new Set(vocabulary)].sort());
  const splits = BUILTIN_TASKS.map((name) => generateTask(`builtin:${name}`).train);
  const used = splits.flatMap(({ text, pair }) => [...text, ...(pair ?? [])].flatMap(words));
  expect([...new Set(used)].sort()).toEqual(vocabulary);
});

it('the words alone do not tell sentiment: with a negation, the same adjective stands for both', () => {
  const { train } = generateTask('builtin:sentiment');
  const negated = train.text.filter((text) => / (not|never|hardly) /.test(text));
  expect(negated.length / train.text.length).toBeGreaterThan(0.25);
  const praised = train.text.flatMap((text, i) => (/\bbrilliant\b/.test(text) ? [train.label[i]!] : []));
  const positive = praised.reduce((sum, label) => sum + label, 0) / praised.length;
  expect(positive).toBeGreaterThan(0.5);
  expect(positive).toBeLessThan(0.85);
});

it('opens as any other source, and says what is wrong with a name or an option', async () => {
  const { task, skipped, files } = await openTask('builtin:topic?rows=40&devRows=8', { trainLimit: 10 });
  expect([task.name, task.train.text.length, task.dev.text.length, skipped, files]).toEqual([
    'topic',
    10,
    8,
    [],
    [],
  ]);
  const said = (source: string): Promise<string> => refusal('$', {}, source);
  expect(await said('builtin:mood')).toBe(
    'There is no built-in task "mood"; choose one of agreement, paraphrase, sentiment, topic',
  );
  expect(await said('builtin:constructor')).toMatch(/^There is no built-in task "constructor"/);
  expect(await said('builtin:topic?row=4')).toBe(
    'builtin:topic?row=4 has the option "row"; a built-in task has rows, devRows and seed',
  );
  expect(await said('builtin:topic?rows=3')).toBe(
    'builtin:topic?rows=3 has rows=3; it has to be a whole number from 4 to 20000',
  );
  expect(await said('builtin:topic?seed=-1')).toMatch(
    /seed=-1; it has to be a whole number from 0 to 4294967295$/,
  );
});
