/**
 * Built-in tasks, so that nothing need be downloaded: labelled sentences from word lists of our own, each
 * label as frequent as the others, no text twice in train and dev together. A name may carry options as a web
 * address does: `builtin:sentiment?rows=500&devRows=100&seed=3`.
 */
import type { Split, Task } from '@layerwise/artifacts';
import { InputError } from '@layerwise/errors';
import { agreement } from './agreement.js';
import type { Kind } from './kind.js';
import { paraphrase } from './paraphrase.js';
import { seededRandom } from './random.js';
import { sentiment } from './sentiment.js';
import { topic } from './topic.js';

const PREFIX = 'builtin:';
const KINDS: Readonly<Record<string, Kind>> = { agreement, paraphrase, sentiment, topic };
const DEFAULTS = { rows: 2000, devRows: 400, seed: 1 };
const LARGEST = { rows: 20_000, devRows: 20_000, seed: 2 ** 32 - 1 };
/** So many rows in a row that were there already mean that the kind has no more to say. */
const PATIENCE = 10_000;

/** The names that can follow `builtin:`. */
export const BUILTIN_TASKS: readonly string[] = Object.keys(KINDS);

export function isBuiltinSource(source: string): boolean {
  return source.startsWith(PREFIX);
}

/** Makes the task that `source` names; the same source gives the same rows. Throws `InputError`. */
export function generateTask(source: string): Task {
  const { name, kind, rows, devRows, seed } = parseSource(source);
  const random = seededRandom(seed);
  const texts = new Set<string>();
  const make = (label: string): { text: string; pair: string | null } => {
    for (let tries = 0; tries < PATIENCE; tries++) {
      const made = kind.make(random, label);
      const key = made.pair === null ? made.text : `${made.text}\t${made.pair}`;
      if (texts.has(key)) continue;
      texts.add(key);
      return made;
    }
    throw new InputError(`${PREFIX}${name} has no ${rows + devRows} different rows to give; ask for fewer`);
  };
  const split = (count: number): Split => {
    const label = Int32Array.from(
      random.shuffled(Array.from({ length: count }, (_, i) => i % kind.labels.length)),
    );
    const text: string[] = [];
    const pair: string[] = [];
    for (const code of label) {
      const made = make(kind.labels[code] ?? '');
      text.push(made.text);
      if (made.pair !== null) pair.push(made.pair);
    }
    return { index: Int32Array.from(label, (_, i) => i), text, pair: pair.length > 0 ? pair : null, label };
  };
  return { name, labels: kind.labels, train: split(rows), dev: split(devRows) };
}

/** Every word and mark that built-in tasks can hold, sorted: a tiny encoder's WordPiece vocabulary. */
export function builtinVocabulary(): readonly string[] {
  const words = Object.values(KINDS).flatMap((kind) => kind.words.flatMap((entry) => entry.split(' ')));
  return [...new Set([...words, ',', '.'])].sort();
}

function parseSource(source: string): { name: string; kind: Kind } & typeof DEFAULTS {
  const [name = '', query = ''] = source.slice(PREFIX.length).split(/\?(.*)/s);
  const kind = Object.hasOwn(KINDS, name) ? KINDS[name] : undefined;
  if (kind === undefined)
    throw new InputError(
      `There is no built-in task ${JSON.stringify(name)}; choose one of ${BUILTIN_TASKS.join(', ')}`,
    );
  const options = { ...DEFAULTS };
  for (const [key, value] of new URLSearchParams(query)) {
    if (!isOption(key))
      throw new InputError(
        `${source} has the option ${JSON.stringify(key)}; a built-in task has rows, devRows and seed`,
      );
    const least = key === 'seed' ? 0 : kind.labels.length;
    const number = /^\d+$/.test(value) ? Number(value) : -1;
    if (number < least || number > LARGEST[key])
      throw new InputError(
        `${source} has ${key}=${value}; it has to be a whole number from ${least} to ${LARGEST[key]}`,
      );
    options[key] = number;
  }
  return { name, kind, ...options };
}

function isOption(key: string): key is keyof typeof DEFAULTS {
  return Object.hasOwn(DEFAULTS, key);
}
