/**
 * Reads a trial log of the paper's authors (github TheMody/NAS-CatastrophicForgetting, MIT licence): a text
 * of numbers separated by commas, thirteen a trial: accuracy on D_o before phase 2, p_s, p_o, lr_0 … lr_9.
 * There is no header; the file's name tells the pair, D_o then D_s. The rates are of the ten groups that the
 * authors' code made of the twelve layers of BERT base, which round up where the paper prints floor. Its
 * neighbour for our own trials is `trials-file.ts`.
 */
import { basename, extname } from 'node:path';
import { fileExists, InputError, readRegular } from '@layerwise/errors';
import { paperGrouping } from '@layerwise/optimizers';
import type { PairTrials, RatedTrial } from './rated-trial.js';

/** Numbers of a trial: three accuracies, ten rates. */
const WIDTH = 13;
const ACCURACIES = ['accuracy on D_o before phase 2', 'p_s', 'p_o'] as const;
const BERT_BASE_LAYERS = 12;

/** @throws InputError where the file cannot be read or is no such log, with trial (from 0) and value */
export function readAuthorLog(file: string): PairTrials {
  if (!fileExists(file))
    throw new InputError(
      `There is no file ${file}; give the trials.arrow of a search, or a log of the paper's authors (.csv).`,
    );
  return {
    pair: basename(file, extname(file)),
    file,
    grouping: paperGrouping(BERT_BASE_LAYERS, 'paper-ceil'),
    trials: parseAuthorLog(readRegular(file).toString(), file),
  };
}

/**
 * Above it, a number in a rate's place is an accuracy that slipped there, because one is missing or too many.
 */
const MOST_RATE = 0.1;
/** Longer words are shown by their beginning. */
const SHOWN = 30;

/** The trials of a log's text, in their order. @throws InputError as `readAuthorLog` */
export function parseAuthorLog(text: string, file: string): RatedTrial[] {
  const words = text.split(/[,\n]/).map((word) => word.trim());
  // The authors' writer leaves a comma at the end.
  while (words.at(-1) === '') words.pop();
  if (words.length === 0) throw new InputError(`${file} is empty; a log has ${WIDTH} numbers a trial.`);
  const count = Math.ceil(words.length / WIDTH);
  return Array.from({ length: count }, (_, number) => {
    const own = words.slice(number * WIDTH, (number + 1) * WIDTH);
    const values = own.map((word, i) => checkedNumber(word, { file, number, column: i }));
    if (own.length < WIDTH) {
      throw new InputError(
        `${file}, trial ${number}: it ends after ${own.length} of ${WIDTH} numbers, at ${shown(own.at(-1) ?? '')}; the file was cut off or lacks a value.`,
      );
    }
    const [, shifted = NaN, original = NaN, ...rates] = values;
    return { number, reward: shifted + original, rates };
  });
}

interface Place {
  readonly file: string;
  readonly number: number;
  readonly column: number;
}

function checkedNumber(word: string, { file, number, column }: Place): number {
  const name = ACCURACIES[column] ?? `lr_${column - ACCURACIES.length}`;
  const refuse = (why: string): never => {
    throw new InputError(`${file}, trial ${number}: ${name} is ${shown(word)}, ${why}; correct the log.`);
  };
  // `Number` alone would take "" and "0x10".
  const isNumber = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(word);
  const value = isNumber ? Number(word) : NaN;
  if (!Number.isFinite(value)) return refuse('which is not a finite number');
  if (column < ACCURACIES.length)
    return value >= 0 && value <= 1 ? value : refuse('and an accuracy is from 0 to 1');
  if (value > MOST_RATE)
    return refuse(
      `and a learning rate is at most ${MOST_RATE}: is a number missing before it, or one too many`,
    );
  return value > 0 ? value : refuse('and a learning rate is above 0');
}

/** A word of any file between quotes: without signs that would disturb a terminal, and not too long. */
function shown(word: string): string {
  const printable = word.replace(/[^\x20-\x7e]/g, '\ufffd');
  return printable.length > SHOWN ? `"${printable.slice(0, SHOWN)}…"` : `"${printable}"`;
}
