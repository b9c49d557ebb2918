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
  const text = textColumn ?? known?.text;
  const label = labelColumn ?? known?.label;
  if (text === undefined || label === undefined) {
    const lacks = text === undefined ? 'text (--text-column)' : 'label (--label-column)';
    throw new InputError(
      `${file} has the columns ${listed(first)}, of which none is known as the ${lacks}; name it`,
    );
  }
  if (!areNamed && known !== undefined) return known;
  const pair = pairColumn ?? (textColumn === undefined ? known?.pair : undefined);
  return { text, label, ...(pair !== undefined && { pair }) };
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

function listed(names: readonly string[]): string {
  const few = names.slice(0, 20).map(shown).join(', ');
  return names.length > 20 ? `${few} and ${names.length - 20} more` : few;
}
