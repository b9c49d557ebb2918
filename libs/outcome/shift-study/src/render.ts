/**
 * A study as tables for people, in plain text or in Markdown: before and after of every task, then all that
 * was measured.
 */
import type { PartName } from '@layerwise/pairs';
import { textTable } from '@layerwise/artifacts';
import type { Figure } from './figures.js';
import { DIFFERENCES, MODELS } from './measures.js';
import type { Study, TaskResult } from './study.js';

/** Lines of text, or a table whose first row is its head. */
type Block =
  | { readonly kind: 'title' | 'lines'; readonly lines: readonly string[] }
  | { readonly kind: 'table'; readonly rows: readonly (readonly string[])[] };

/** For a terminal: columns padded with spaces. */
export function studyText(study: Study): string {
  return blocksOf(study)
    .map((block) => (block.kind === 'table' ? textTable(block.rows).join('\n') : block.lines.join('\n')))
    .join('\n\n');
}

/** The same as a Markdown document. */
export function studyMarkdown(study: Study): string {
  const blocks = blocksOf(study).map((block) => {
    if (block.kind === 'table') return markdownTable(block.rows);
    return block.kind === 'title' ? `## ${block.lines.join(' ')}` : block.lines.join('\n');
  });
  return `# Before and after a shift\n\n${blocks.join('\n\n')}\n`;
}

function blocksOf(study: Study): Block[] {
  const { seeds, bootstrap, tasks } = study;
  const many = seeds.length > 1;
  return [
    {
      kind: 'lines',
      lines: [
        `Accuracy on D_o's dev rows before and after training on D_s${many ? `, mean of ${seeds.length} seeds` : ''}.`,
        `In brackets: ${percent(bootstrap.level)} percentile bootstrap intervals over dev rows (${bootstrap.resamples} resamples).` +
          (many ? ' After ±: standard deviation over seeds.' : ''),
      ],
    },
    { kind: 'table', rows: summaryRows(study) },
    ...tasks.flatMap((task) => blocksOfTask(task)),
  ];
}

/** The table of the paper: a task a row. */
function summaryRows({ tasks }: Study): string[][] {
  const head = ['task', 'shift', 'before - after', 'before', 'after', 'after - before'];
  return [
    head,
    ...tasks.map(({ name, pair, figures }) => {
      const [before, after] = [figureOf(figures, 'before'), figureOf(figures, 'after')];
      return [
        name,
        pair.kind,
        `${share(before?.accuracy)} - ${share(after?.accuracy)}`,
        cell(before),
        cell(after),
        cell(figureOf(figures, 'after - before')),
      ];
    }),
  ];
}

function blocksOfTask(task: TaskResult): Block[] {
  const { name, pair, figures, settings, steps } = task;
  const { original, shifted } = pair;
  const sizes = (of: typeof original): string =>
    `${of.name}: ${of.train.label.length} train and ${of.dev.label.length} dev rows`;
  const rates = [...new Set(settings.rates.filter((rate) => rate !== null))].join(', ');
  const { epochs } = settings;
  const stepsOf = [...steps].map(([regime, count]) => `${regime} ${count}`).join(', ');
  const differences = DIFFERENCES.flatMap(({ measure, part, says }) => {
    const figure = figureOf(figures, measure, part);
    return figure ? [[measure, says, cell(figure)]] : [];
  });
  return [
    { kind: 'title', lines: [`${name} (${pair.kind})`] },
    {
      kind: 'lines',
      lines: [
        `D_o is ${sizes(original)}; D_s is ${sizes(shifted)}.`,
        `Rates: ${rates}. Epochs: ${epochs.original === epochs.shifted ? epochs.original : `${epochs.original} and ${epochs.shifted}`}. Steps: ${stepsOf}.`,
        ...notesOf(task),
      ],
    },
    { kind: 'table', rows: modelRows(figures) },
    { kind: 'table', rows: [['difference', 'what it tells', 'accuracy'], ...differences] },
  ];
}

function modelRows(figures: readonly Figure[]): string[][] {
  const majority = (part: PartName): string =>
    share(figures.find((figure) => figure.part === part)?.majority);
  return [
    ['trained on', "on D_o's dev rows", "on D_s's dev rows"],
    ['nothing: always the commonest label', majority('original'), majority('shifted')],
    ...MODELS.map(({ measure, says }) => [
      says,
      cell(figureOf(figures, measure)),
      cell(figureOf(figures, measure, 'shifted')),
    ]),
  ];
}

/** Sentences on figures that should not be read as they stand. */
function notesOf({ figures }: TaskResult): string[] {
  const learned = [
    ['before', 'original', 'D_o'],
    ['shifted-alone', 'shifted', 'D_s'],
  ] as const;
  return learned.flatMap(([measure, part, name]) => {
    const figure = figureOf(figures, measure, part);
    if (figure === undefined || figure.low > figure.majority) return [];
    return [
      `Trained on ${name} alone, accuracy there is not clearly above always giving the commonest label: it was not learned, ` +
        'and nothing can be said of forgetting it.',
    ];
  });
}

/** The figure of a model or difference on one part's dev rows, if there is one. */
export function figureOf(
  figures: readonly Figure[],
  measure: string,
  part: PartName = 'original',
): Figure | undefined {
  return figures.find((figure) => figure.measure === measure && figure.part === part);
}

/** `0.931 [0.912, 0.948] ± 0.004`; differences with their signs. */
function cell(figure: Figure | undefined): string {
  if (figure === undefined) return '-';
  const isDifference = DIFFERENCES.some(({ measure }) => measure === figure.measure);
  const show = isDifference ? signed : share;
  const sd = figure.sd === null ? '' : ` ± ${share(figure.sd)}`;
  return `${show(figure.accuracy)} [${show(figure.low)}, ${show(figure.high)}]${sd}`;
}

function share(value: number | undefined): string {
  return value === undefined ? '-' : value.toFixed(3);
}

function signed(value: number): string {
  const text = Math.abs(value).toFixed(3);
  return text === '0.000' ? text : `${value < 0 ? '-' : '+'}${text}`;
}

function percent(value: number): string {
  return `${Number((100 * value).toFixed(2))} %`;
}

function markdownTable([head = [], ...rows]: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string =>
    `| ${cells.map((text) => text.replaceAll('|', '\\|')).join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n');
}
