/**
 * Which columns of a file are the text, its pair and the label: by the names of known tasks, or as the caller
 * names them. GLUE's files are recognised by their columns alone, never by the name of their folder.
 *
 * GLUE: Wang et al. 2018, https://gluebenchmark.com/tasks (train.tsv and dev.tsv as its download has them);
 * the names in Hugging Face's Parquet files of the same tasks (premise, hypothesis, label) are here too.
 */
import { InputError } from '@layerwise/errors';
import { shown } from '../formats/rows.js';
import type { Selection } from '../formats/rows.js';
import type { TaskFileOptions } from '../options.js';

/** Columns by name, as the train file has settled them for the other splits too. */
export interface Columns {
  /** Columns of a file without a header line, in order. */
  readonly headerless?: readonly string[];
  /** A column put in front of the text: the word whose sense is asked (WiC). */
  readonly lead?: string;
  readonly text: string;
  readonly pair?: string;
  readonly label: string;
  /** The labels that rows may have, where the columns leave no doubt about the task. */
  readonly labels?: readonly string[];
}

/** Names that the columns of other files often have. */
const USUAL_TEXTS = [
  'text',
  'sentence',
  'content',
  'review',
  'comment',
  'body',
  'tweet',
  'utterance',
  'document',
];
const USUAL_LABELS = [
  'label',
  'labels',
  'target',
  'targets',
  'class',
  'category',
  'sentiment',
  'intent',
  'y',
];

const BINARY = ['0', '1'];
const ENTAILMENT = ['contradiction', 'entailment', 'neutral'];

/** In this order: the first whose columns are all there is taken. */
const KNOWN: readonly Columns[] = [
  { text: '#1 String', pair: '#2 String', label: 'Quality', labels: BINARY }, // MRPC
  { text: 'question1', pair: 'question2', label: 'is_duplicate', labels: BINARY }, // QQP
  { text: 'sentence1', pair: 'sentence2', label: 'gold_label', labels: ENTAILMENT }, // MNLI, SNLI, XNLI, SICK
  { lead: 'word', text: 'sentence1', pair: 'sentence2', label: 'label' }, // WiC
  { text: 'sentence1', pair: 'sentence2', label: 'label' }, // RTE, WNLI
  { text: 'question1', pair: 'question2', label: 'label' }, // QQP on the hub
  { text: 'premise', pair: 'hypothesis', label: 'label' }, // MNLI and SNLI on the hub
  { text: 'question', pair: 'sentence', label: 'label' }, // QNLI
  { text: 'question', pair: 'passage', label: 'label' }, // BoolQ
  { text: 'sentence', label: 'label' }, // SST-2, CoLA on the hub
  { text: 'text', pair: 'pair', label: 'label' },
  { text: 'text', label: 'label' },
];

const LABELS = KNOWN.map(({ label }) => label);

const COLA: Columns = {
  headerless: ['source', 'label', 'mark', 'sentence'],
  text: 'sentence',
  label: 'label',
  labels: BINARY,
};

/** The columns of a train file, from its header or its first line's fields. Throws `InputError`. */
export function chooseColumns(file: string, first: readonly string[], options: TaskFileOptions): Columns {
  const { textColumn, pairColumn, labelColumn } = options;
  const areNamed = textColumn !== undefined || pairColumn !== undefined || labelColumn !== undefined;
  if (!areNamed && looksLikeCola(first)) return COLA;
  const known = KNOWN.find((columns) => {
    const { lead, text, pair, label } = {
      ...columns,
      ...(labelColumn !== undefined && { label: labelColumn }),
    };
    return [lead, text, pair, label].every((name) => name === undefined || first.includes(name));
  });
  if (
    known === undefined &&
    first.includes('score') &&
    first.includes('sentence1') &&
    labelColumn === undefined
  )
    throw new InputError(
      `${file} holds scores (column "score", as STS-B), which is regression; only classification tasks can be opened`,
    );
  // Without its label a known task still shows which column is missing.
  const shape =
    known ?? (textColumn === undefined ? KNOWN.find((columns) => hasTexts(columns, first)) : undefined);
  const usual = shape === undefined ? LABELS.find((name) => first.includes(name)) : undefined;
  const text = textColumn ?? shape?.text;
  const label = labelColumn ?? known?.label ?? usual;
  if (text === undefined || label === undefined) throw unnamed(file, first, text, label, shape?.pair);
  if (!areNamed && known !== undefined) return known;
  const pair = pairColumn ?? (textColumn === undefined ? shape?.pair : undefined);
  return { text, label, ...(pair !== undefined && { pair }) };
}

function hasTexts({ lead, text, pair }: Columns, names: readonly string[]): boolean {
  return [lead, text, pair].every((name) => name === undefined || names.includes(name));
}

/** Which columns are not known, and how they are probably to be named. */
function unnamed(
  file: string,
  first: readonly string[],
  text: string | undefined,
  label: string | undefined,
  pair: string | undefined,
): InputError {
  const free = first.filter((name) => ![text, label, pair].includes(name));
  const guess = (usual: readonly string[]): string => {
    const found =
      free.find((name) => usual.includes(name.toLowerCase())) ?? (free.length === 1 ? free[0] : '');
    return found === undefined || found === '' ? 'NAME' : shownAsWord(found);
  };
  const lacks = [
    ...(text === undefined ? [['text', `--text-column ${guess(USUAL_TEXTS)}`]] : []),
    ...(label === undefined ? [['label', `--label-column ${guess(USUAL_LABELS)}`]] : []),
  ];
  const what = lacks.map(([name]) => `the ${name}`).join(' or ');
  const how = lacks.map(([, option]) => option).join(' ');
  return new InputError(
    `${file} has the columns ${listed(first)}, of which none is known as ${what}; name it with ${how}`,
  );
}

/** A name as a command line takes it. */
function shownAsWord(name: string): string {
  return /^[\w.-]{1,60}$/.test(name) ? name : shown(name);
}

/** Where the columns are in a file. Null: it has no label column and `labelled` does not insist on one. */
export function selectColumns(
  file: string,
  first: readonly string[],
  columns: Columns,
  labelled: boolean,
): Selection | null {
  if (columns.headerless !== undefined && !looksLikeCola(first)) {
    if (!labelled) return null;
    const { length } = columns.headerless;
    throw new InputError(
      `${file}:1: has not the ${length} tab-separated fields of CoLA (${columns.headerless.join(', ')}, no header), as train has`,
    );
  }
  const names = columns.headerless ?? first;
  if (!labelled && !names.includes(columns.label)) return null;
  const find = (name: string): number => {
    const position = names.indexOf(name);
    if (position < 0)
      throw new InputError(
        `${file} has no column ${shown(name)} but ${listed(names)}; name the columns or correct the file`,
      );
    if (names.includes(name, position + 1))
      throw new InputError(`${file} has two columns ${shown(name)}; rename one of them`);
    return position;
  };
  const { lead, text, pair, label } = columns;
  const texts = [text, pair, lead].filter((name) => name !== undefined);
  return { headerless: columns.headerless !== undefined, texts: texts.map(find), label: find(label) };
}

/** CoLA has no header: source, 0 or 1, an empty field or the author's mark, sentence. */
function looksLikeCola(first: readonly string[]): boolean {
  return first.length === 4 && BINARY.includes(first[1] ?? '') && /^[*?#%]*$/.test(first[2] ?? '');
}

/** As many names as a sentence can hold. */
function listed(names: readonly string[]): string {
  const few: string[] = [];
  for (const name of names.map(shown)) {
    if (few.length > 0 && few.length + few.join('').length + name.length > 250) break;
    few.push(name);
  }
  const more = names.length - few.length;
  return more > 0 ? `${few.join(', ')} and ${more} more` : few.join(', ');
}
