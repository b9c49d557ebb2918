/**
 * Tables 1 to 4 of the paper, with what was measured here beside what it reports, then all measures and
 * comparisons. As plain text they are `evaluation/src/tables/text.ts`.
 */
import { EVALUATED_METHODS } from '@layerwise/evaluation/options';
import { meanOf } from '@layerwise/statistics';
import type { Artifacts } from '../artifacts/artifacts.js';
import { pInWords } from '../results/comparison.js';
import { html, type Html } from '../page/html.js';
import { methodsOf, pairsOf, summaryOf, tasksOf, unseenPairs } from '../results/methods.js';
import { sameTask, TABLE_1, TABLE_2, TABLE_3, TABLE_4, type PaperTable, type Two } from '../results/paper.js';
import { missing, slug, type Section } from '../page/section.js';
import {
  fixed,
  interval,
  none,
  number,
  numbers,
  signed,
  table,
  text,
  words,
  type Cell,
} from '../page/table.js';

const EVALUATE = 'npx layerwise evaluate --pairs A:B,… --methods flat,flat-tuned,distribution,… --out DIR';
const STUDY = 'npx layerwise shift-study --tasks A,… --kind length --out DIR';

export function tablesSection(artifacts: Artifacts): Section {
  const unseen = unseenPairs(artifacts);
  const seen = pairsOf(artifacts.evaluation).filter((pair) => !unseen.includes(pair));
  const none = artifacts.evaluation.length === 0;
  return {
    id: 'tables',
    title: 'Tables',
    parts: [
      html`<p>
        In the form of the paper’s tables. Rows marked <em>here</em> were measured for this page, rows marked
        <em>paper</em> are what Kenneweg et al. (IDEAL 2022) report for bert-base-uncased with full data sets,
        so that they compare with <em>here</em> only where encoder and data do too.
      </p>`,
      ...(none
        ? [missing('There is no evaluation here, so tables 1 to 3 have the paper’s rows alone.', EVALUATE)]
        : []),
      singleTasks(artifacts),
      sequences('table-2', 'Table 2: from one data set to another (p_o – p_s)', artifacts, seen, TABLE_2),
      ...(unseen.length === 0 && !none
        ? [
            missing(
              'No pair here was left out of the search, so table 3 has the paper’s rows alone.',
              EVALUATE,
            ),
          ]
        : []),
      sequences('table-3', 'Table 3: pairs that were not searched (p_o – p_s)', artifacts, unseen, TABLE_3),
      ...(artifacts.studies.length === 0
        ? [missing('There is no study of shifts here, so table 4 has the paper’s rows alone.', STUDY)]
        : []),
      shifts(artifacts),
      ...(none ? [] : [...ranks(artifacts), measures(artifacts), comparisons(artifacts)]),
    ],
  };
}

/**
 * Mean over runs of one task trained alone: of `single` where it was evaluated, else of `flat` before phase
 * 2.
 */
function singleTasks(artifacts: Artifacts): Html {
  const alone = aloneByTask(artifacts);
  const here = [...alone].map(([task, { values, method }]) => [
    text(task),
    number(meanOf(values)),
    number(Object.entries(TABLE_1).find(([name]) => sameTask(task, name))?.[1], 3, 'not in the paper'),
    text(
      `${method === 'single' ? 'trained alone' : 'flat rate, before the second task'}, ${values.length} ${values.length === 1 ? 'run' : 'runs'}`,
    ),
  ]);
  const unmeasured = Object.entries(TABLE_1).filter(
    ([name]) => ![...alone.keys()].some((task) => sameTask(task, name)),
  );
  const paper = unmeasured.map(([task, accuracy]) => [
    text(task),
    none('not measured here'),
    number(accuracy),
    text(''),
  ]);
  return table({
    id: 'table-1',
    caption: 'Table 1: accuracy without a shift',
    columns: [...words('task'), ...numbers('here', 'paper'), ...words('what was measured here')],
    rows: [...here, ...paper],
  });
}

function aloneByTask({ evaluation }: Artifacts): ReadonlyMap<string, { values: number[]; method: string }> {
  const method = evaluation.some((row) => row.method === 'single') ? 'single' : 'flat';
  const byTask = new Map<string, Map<number, number[]>>();
  const add = (task: string, seed: number, value: number | null): void => {
    if (value === null) return;
    const seeds = byTask.get(task) ?? new Map<number, number[]>();
    seeds.set(seed, [...(seeds.get(seed) ?? []), value]);
    byTask.set(task, seeds);
  };
  for (const row of evaluation.filter((one) => one.method === method)) {
    // Of a task alone nothing comes after it, so that what it has at the end is what it has at all.
    add(row.original, row.seed, method === 'single' ? row.accuracy_original : row.accuracy_original_before);
    if (method === 'single') add(row.shifted, row.seed, row.accuracy_shifted);
  }
  // A task that is in several pairs was trained with the same seed in each: one run a seed.
  return new Map(
    [...byTask].map(([task, seeds]) => [
      task,
      {
        method,
        values: [...seeds.values()].map(meanOf),
      },
    ]),
  );
}

/** Methods by pairs: ours, then the paper's; a pair that both have shares its column. */
function sequences(
  id: string,
  caption: string,
  artifacts: Artifacts,
  pairs: readonly string[],
  paper: PaperTable,
): Html {
  const ours = pairs.map((pair) => ({ pair, at: placeIn(paper, tasksOf(artifacts, pair)) }));
  const theirs = paper.pairs.flatMap(([original, shifted], at) =>
    ours.some((one) => one.at === at) ? [] : [{ pair: `${original} → ${shifted}`, at }],
  );
  const methods = methodsOf(artifacts.summary.filter(({ pair }) => pairs.includes(pair)));
  const here = methods.map((method) => {
    const figures = ours.map(({ pair }) => figuresOf(artifacts, method, pair));
    const known = figures.flatMap((two) => (two === null ? [] : [two]));
    return [
      text(method),
      text('here'),
      ...figures.map((two) => twoCell(two, 'not evaluated')),
      ...theirs.map(() => none('not evaluated here')),
      known.length === ours.length ? twoCell(meanOfTwos(known), '') : none('not evaluated on every pair'),
    ];
  });
  const reported = paper.methods.map(({ method, figures, average }) => [
    text(`${EVALUATED_METHODS[method]!.paperName!} (${method})`),
    text('paper'),
    ...[...ours, ...theirs].map(({ at }) => twoCell(figures[at] ?? null, 'not in the paper')),
    twoCell(average, ''),
  ]);
  return table({
    id,
    caption,
    columns: [
      ...words('method', 'source'),
      ...numbers(...[...ours, ...theirs].map(({ pair }) => pair), 'average of its pairs'),
    ],
    rows: [...here, ...reported],
  });
}

function placeIn({ pairs }: PaperTable, [original, shifted]: readonly [string, string]): number {
  return pairs.findIndex(([one, other]) => sameTask(original, one) && sameTask(shifted, other));
}

function figuresOf(artifacts: Artifacts, method: string, pair: string): Two | null {
  const original = summaryOf(artifacts, method, pair, 'accuracy_original')?.mean ?? null;
  const shifted = summaryOf(artifacts, method, pair, 'accuracy_shifted')?.mean ?? null;
  return original === null || shifted === null ? null : [original, shifted];
}

function meanOfTwos(figures: readonly Two[]): Two | null {
  if (figures.length === 0) return null;
  return [meanOf(figures.map(([original]) => original)), meanOf(figures.map(([, shifted]) => shifted))];
}

/** Sorted by p_o. */
function twoCell(two: Two | null, reason: string): Cell {
  return two === null ? none(reason) : { show: `${fixed(two[0])} – ${fixed(two[1])}`, sort: two[0] };
}

const KINDS: Readonly<Record<string, string>> = {
  length: 'sentence length',
  cluster: 'artificial (clusters)',
};

function shifts({ studies }: Artifacts): Html {
  const figures = studies.flatMap(({ rows }) => rows).filter(({ part }) => part === 'original');
  const cuts = figures.filter(({ measure, kind }) => measure === 'before' && kind !== 'dataset');
  const here = cuts.map((before) => {
    const after = figures.find(
      (row) => row.task === before.task && row.kind === before.kind && row.measure === 'after',
    );
    const paper = TABLE_4.find(({ kind, task }) => kind === before.kind && sameTask(before.task, task));
    return [
      text(before.task),
      text(KINDS[before.kind] ?? before.kind),
      withInterval(before),
      after === undefined ? none() : withInterval(after),
      twoCell(paper?.figures ?? null, 'not in the paper'),
    ];
  });
  const unmeasured = TABLE_4.filter(
    ({ kind, task }) => !cuts.some((row) => row.kind === kind && sameTask(row.task, task)),
  );
  const paper = unmeasured.map(({ kind, task, figures: two }) => [
    ...[text(task), text(KINDS[kind] ?? kind), none('not measured here'), none('not measured here')],
    twoCell(two, ''),
  ]);
  return table({
    id: 'table-4',
    caption: 'Table 4: one task cut in two; accuracy on D_o before and after training on D_s',
    columns: [...words('task', 'shift'), ...numbers('here, before', 'here, after', 'paper, before – after')],
    rows: [...here, ...paper],
  });
}

function withInterval({ accuracy, low, high }: { accuracy: number; low: number; high: number }): Cell {
  return { show: html`${fixed(accuracy)} <small>(${interval(low, high)})</small>`, sort: accuracy };
}

/** Methods over many pairs: mean ranks, and by how much they must differ. */
function ranks({ rankings }: Artifacts): readonly Html[] {
  return rankings.map(({ measure, pairs, ranks: all, p, criticalDifference, reason }) => {
    const name = measure.replaceAll('_', ' ');
    if (reason !== null) return html`<p class="quiet">No ranking by ${name}: ${reason}.</p> `;
    const difference =
      criticalDifference === null
        ? ''
        : `; ranks that differ by less than ${fixed(criticalDifference, 2)} are not told apart`;
    return table({
      id: slug('ranks', measure),
      caption: `Mean rank over ${pairs} pairs by ${name} (1 is best)${difference}${p === null ? '' : `; Friedman p ${pInWords(p)}`}`,
      columns: [...words('method'), ...numbers('mean rank')],
      rows: all.map(({ method, meanRank }) => [text(method), number(meanRank, 2)]),
    });
  });
}

function measures({ summary }: Artifacts): Html {
  const rows = methodsOf(summary).flatMap((method) => summary.filter((row) => row.method === method));
  return html`<details>
    <summary>All measures, with intervals</summary>
    ${table({
      id: 'measures',
      caption: 'Mean over seeds of every measure, with the 95 % interval of the mean',
      columns: [...words('method', 'pair', 'measure'), ...numbers('mean', '95 % interval', 'seeds')],
      rows: rows.map(({ method, pair, measure, mean, low, high, seeds, reason }) => [
        text(method),
        text(pair),
        text(measure.replaceAll('_', ' ')),
        number(mean, 3, reason),
        low === null || high === null
          ? none(reason ?? 'no interval')
          : { show: interval(low, high), sort: low },
        number(seeds, 0),
      ]),
    })}
  </details> `;
}

function comparisons({ comparisons: all }: Artifacts): Html {
  return html`<details>
    <summary>All comparisons of two methods</summary>
    ${table({
      id: 'comparisons',
      caption:
        'Two methods on the same dev rows and seeds: difference of means, its 95 % interval by a paired bootstrap, and p of McNemar’s exact test (first seed)',
      columns: [
        ...words('pair', 'method', 'less', 'measure'),
        ...numbers('difference', '95 % interval', 'McNemar p', 'dev rows'),
      ],
      rows: all.map(({ pair, method, against, measure, difference, low, high, mcnemar, rows, reason }) => [
        text(pair),
        text(method),
        text(against),
        text(measure.replaceAll('_', ' ')),
        difference === null ? none(reason ?? undefined) : { show: signed(difference), sort: difference },
        low === null || high === null
          ? none(reason ?? 'no interval')
          : { show: interval(low, high), sort: low },
        mcnemar === null ? none('not tested') : { show: pInWords(mcnemar).replace('= ', ''), sort: mcnemar },
        number(rows, 0),
      ]),
    })}
  </details> `;
}
