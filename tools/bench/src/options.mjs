/** The command line of `npm run bench`: what is measured, how often, on what. */
import { availableParallelism } from 'node:os';
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { InputError } from '@layerwise/errors';

/** What can be measured; README.md says more. */
export const PARTS = /** @type {const} */ ([
  'step',
  'dropout',
  'memory',
  'finetune',
  'parallel',
  'large',
  'profile',
  'products',
]);
/** @typedef {(typeof PARTS)[number]} PartName */

/** Parts that fine-tune on real tasks. */
const ON_TASKS = /** @type {readonly PartName[]} */ (['finetune', 'parallel', 'large']);

/**
 * How PyTorch pads: to the longest text of a random batch, of batches grouped by length, or always to the
 * longest allowed.
 */
const PADDINGS = /** @type {const} */ (['batch', 'length', 'max']);
/** @typedef {(typeof PADDINGS)[number]} Padding */

/**
 * An encoder with random weights, and the texts of a step.
 * @typedef {object} Shape
 * @property {number} layers
 * @property {number} hidden
 * @property {number} heads
 * @property {number} length tokens a text
 */

/** @typedef {{encoder: string, data: string, original: string, shifted: string}} Tasks */

/**
 * @typedef {object} Settings
 * @property {readonly PartName[]} parts
 * @property {readonly PartName[]} left parts that nobody named and that lack what they need
 * @property {string | null} peer the folder of PyTorch's scripts; null: this program alone
 * @property {string | null} python null: an environment in data-cache
 * @property {number} runs of each side
 * @property {number} steps timed in a run, at 64 tokens a text
 * @property {readonly Shape[]} shapes
 * @property {readonly number[]} lengths of the part `memory`
 * @property {number} threads
 * @property {Tasks | null} tasks
 * @property {number} trainLimit
 * @property {number} epochs
 * @property {number} rate
 * @property {readonly Padding[]} paddings
 * @property {readonly number[]} atOnce numbers of trials of the part `parallel`
 * @property {number | null} largeRows of the part `large`; null: all
 * @property {string | null} out
 * @property {boolean} markdown
 */

const OPTIONS = /** @type {const} */ ({
  peer: { type: 'string' },
  python: { type: 'string' },
  profile: { type: 'boolean', default: false },
  runs: { type: 'string', default: '5' },
  steps: { type: 'string', default: '12' },
  shapes: { type: 'string', default: '12x768x12,6x384x12,4x256x4,2x128x2,12x768x12x256' },
  lengths: { type: 'string', default: '64,128,256' },
  threads: { type: 'string', default: String(availableParallelism()) },
  encoder: { type: 'string' },
  data: { type: 'string' },
  original: { type: 'string', default: 'SST-2' },
  shifted: { type: 'string', default: 'MRPC' },
  'train-limit': { type: 'string', default: '4000' },
  epochs: { type: 'string', default: '1' },
  rate: { type: 'string', default: '1e-4' },
  paddings: { type: 'string', default: PADDINGS.join() },
  'at-once': { type: 'string', default: `1,${String(Math.max(2, availableParallelism()))}` },
  'large-rows': { type: 'string' },
  out: { type: 'string' },
  markdown: { type: 'boolean', default: false },
});

/** Options that name places, as they may stand in a document. */
export const PLACES = /** @type {Readonly<Record<string, string>>} */ ({
  peer: '$PEERS',
  encoder: '$MINILM',
  data: '$GLUE',
  python: '$PYTHON',
  out: 'FILE',
});

/**
 * @param {readonly string[]} words what was typed
 * @returns {Settings}
 * @throws {InputError} for an option or a value that is not known, and for a part that lacks what it needs
 */
export function settingsOf(words) {
  const { values, positionals } = parsed(words);
  const named = /** @type {PartName[]} */ (positionals.map((word) => oneOf(PARTS, 'part', word)));
  if (values.profile && !named.includes('profile')) named.push('profile');
  const tasks = tasksOf(values);
  const lacking =
    tasks === null ? (named.length > 0 ? named : PARTS).filter((part) => ON_TASKS.includes(part)) : [];
  if (named.length > 0 && lacking.length > 0)
    throw new InputError(
      `The part ${lacking[0] ?? ''} fine-tunes on real tasks; give --encoder DIR and --data DIR, a folder with the folders ${values.original} and ${values.shifted}.`,
    );
  if (values.python !== undefined && values.peer === undefined)
    throw new InputError('--python is for PyTorch; give --peer DIR as well, the folder of its scripts.');
  return {
    parts: PARTS.filter((part) => (named.length === 0 ? !lacking.includes(part) : named.includes(part))),
    left: lacking,
    peer: placeOf(values.peer),
    python: values.python ?? null,
    runs: wholeNumber('--runs', values.runs),
    steps: wholeNumber('--steps', values.steps),
    shapes: values.shapes.split(',').map(shapeOf),
    lengths: values.lengths.split(',').map((word) => wholeNumber('--lengths', word)),
    threads: wholeNumber('--threads', values.threads),
    tasks,
    trainLimit: wholeNumber('--train-limit', values['train-limit']),
    epochs: wholeNumber('--epochs', values.epochs),
    rate: rateOf(values.rate),
    paddings: values.paddings.split(',').map((word) => oneOf(PADDINGS, 'padding', word)),
    atOnce: values['at-once'].split(',').map((word) => wholeNumber('--at-once', word)),
    largeRows: values['large-rows'] === undefined ? null : wholeNumber('--large-rows', values['large-rows']),
    out: placeOf(values.out),
    markdown: values.markdown,
  };
}

/**
 * The command as a document may show it: places by name, and nothing that only says how it is printed.
 * @param {readonly string[]} words
 * @returns {string}
 */
export function commandOf(words) {
  const { tokens } = parseArgs({ args: [...words], options: OPTIONS, allowPositionals: true, tokens: true });
  const shown = tokens.flatMap((token) => {
    if (token.kind === 'positional') return [token.value];
    if (token.kind !== 'option' || token.name === 'markdown') return [];
    return token.value === undefined
      ? [`--${token.name}`]
      : [`--${token.name}`, PLACES[token.name] ?? token.value];
  });
  return ['npm run bench --', ...shown].join(' ');
}

/** @param {readonly string[]} words */
function parsed(words) {
  try {
    return parseArgs({ args: [...words], options: OPTIONS, allowPositionals: true });
  } catch (error) {
    const [sentence = ''] = String(error instanceof Error ? error.message : error).split(/\. |\n/);
    throw new InputError(`${sentence.replace(/\.$/, '')}; tools/bench/README.md lists the options.`);
  }
}

/**
 * @param {{encoder?: string | undefined, data?: string | undefined, original: string, shifted: string}}
 * values
 * @returns {Tasks | null}
 */
function tasksOf({ encoder, data, original, shifted }) {
  if (encoder === undefined && data === undefined) return null;
  if (encoder === undefined || data === undefined)
    throw new InputError('--encoder and --data belong together; give both or neither.');
  return { encoder: resolve(encoder), data: resolve(data), original, shifted };
}

/** @param {string | undefined} path */
function placeOf(path) {
  return path === undefined ? null : resolve(path);
}

/**
 * `12x768x12` or, with the tokens of a text, `12x768x12x256`.
 * @param {string} word
 * @returns {Shape}
 */
function shapeOf(word) {
  const [, layers, hidden, heads, length = '64'] = /^(\d+)x(\d+)x(\d+)(?:x(\d+))?$/.exec(word) ?? [];
  const shape = {
    layers: Number(layers),
    hidden: Number(hidden),
    heads: Number(heads),
    length: Number(length),
  };
  const isShape = Object.values(shape).every((size) => size > 0) && shape.hidden % shape.heads === 0;
  if (isShape) return shape;
  throw new InputError(
    `--shapes must be LAYERSxHIDDENxHEADS, with xLENGTH where texts are not of 64 tokens, and HEADS a divisor of HIDDEN, not "${word}".`,
  );
}

/**
 * @template {string} Name
 * @param {readonly Name[]} names
 * @param {string} what
 * @param {string} word
 * @returns {Name}
 */
function oneOf(names, what, word) {
  const found = names.find((name) => name === word);
  if (found !== undefined) return found;
  throw new InputError(`There is no ${what} ${word}; choose of ${names.join(', ')}.`);
}

/** @param {string} option @param {string} word */
function wholeNumber(option, word) {
  if (/^[1-9]\d{0,8}$/.test(word)) return Number(word);
  throw new InputError(`${option} must be a whole number above 0, not "${word}".`);
}

/** @param {string} word */
function rateOf(word) {
  const rate = Number(word);
  if (word !== '' && rate > 0 && rate < 1) return rate;
  throw new InputError(`--rate must be a learning rate between 0 and 1, not "${word}".`);
}
