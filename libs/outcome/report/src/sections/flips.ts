/**
 * Dev texts of D_o whose answer changed in phase 2: how many went from right to wrong and back, and which,
 * for the first seed.
 */
import type { Artifacts, FlipRow } from '../artifacts/artifacts.js';
import { html, type Html } from '../page/html.js';
import { methodsOf, pairsOf } from '../results/methods.js';
import { missing, slug, type Section } from '../page/section.js';
import { number, numbers, table, text, words } from '../page/table.js';

/** Of all tables together, shared among them. */
const MOST_TEXTS = 1500;
const LONGEST_TEXT = 400;

const DIRECTIONS = {
  lost: { title: 'right → wrong', holds: ({ before, label }: FlipRow) => before === label },
  won: {
    title: 'wrong → right',
    holds: ({ before, after, label }: FlipRow) => before !== label && after === label,
  },
} as const;

export function flipsSection({ flips, evaluation }: Artifacts): Section {
  const groups = pairsOf(flips).flatMap((pair) =>
    methodsOf(flips.filter((row) => row.pair === pair)).map((method) => ({
      pair,
      method,
      rows: flips.filter((row) => row.pair === pair && row.method === method),
    })),
  );
  const most = Math.max(4, Math.floor(MOST_TEXTS / Math.max(1, 2 * groups.length)));
  return {
    id: 'flips',
    title: 'Answers that changed',
    parts:
      groups.length === 0
        ? evaluation.length > 0
          ? [
              html`<p>
                In no run did an answer to the first task’s dev rows change between right and wrong.
              </p> `,
            ]
          : [
              missing(
                'No answers before and after phase 2 are known here.',
                'npx layerwise evaluate --pairs A:B --methods flat,distribution --out DIR',
              ),
            ]
        : [
            html`<p>
              Dev texts of the first task whose answer changed while the second was trained. Their texts
              belong to the data set: they are for this page, not for passing on.
            </p>`,
            counts(groups),
            ...groups.map((group) => textsOf(group, most)),
          ],
  };
}

interface Group {
  readonly pair: string;
  readonly method: string;
  readonly rows: readonly FlipRow[];
}

function counts(groups: readonly Group[]): Html {
  return table({
    id: 'flip-counts',
    caption: 'Answers that changed in phase 2, mean over the seeds that have any',
    columns: [...words('pair', 'method'), ...numbers(DIRECTIONS.lost.title, DIRECTIONS.won.title, 'seeds')],
    rows: groups.map(({ pair, method, rows }) => {
      const seeds = new Set(rows.map(({ seed }) => seed)).size;
      const mean = (direction: keyof typeof DIRECTIONS) =>
        rows.filter(DIRECTIONS[direction].holds).length / Math.max(1, seeds);
      return [text(pair), text(method), number(mean('lost'), 1), number(mean('won'), 1), number(seeds, 0)];
    }),
  });
}

function textsOf({ pair, method, rows }: Group, most: number): Html {
  const seed = Math.min(...rows.map((row) => row.seed));
  const own = rows.filter((row) => row.seed === seed);
  const pairs = own.some(({ text_pair }) => text_pair !== null);
  const chosen = Object.values(DIRECTIONS).flatMap(({ title, holds }) => {
    const all = own.filter(holds);
    return all.slice(0, most).map((row) => ({ title, row, all: all.length }));
  });
  const left =
    own.filter((row) => Object.values(DIRECTIONS).some(({ holds }) => holds(row))).length - chosen.length;
  return html`<details>
    <summary>${pair}, ${method}: texts (seed ${seed})</summary>
    ${table({
      id: slug('flips', pair, method),
      caption: `${method} on ${pair}, seed ${seed}${left === 0 ? '' : `; ${left} more are in flips.arrow`}`,
      columns: [
        ...words('change'),
        ...numbers('row'),
        ...words('text', ...(pairs ? ['second text'] : []), 'label', 'before', 'after'),
      ],
      rows: chosen.map(({ title, row }) => [
        ...[text(title), number(row.index, 0), text(cut(row.text))],
        ...(pairs ? [text(cut(row.text_pair ?? ''))] : []),
        ...[text(row.label), text(row.before), text(row.after)],
      ]),
    })}
  </details> `;
}

function cut(words: string): string {
  const letters = Array.from(words);
  return letters.length <= LONGEST_TEXT ? words : `${letters.slice(0, LONGEST_TEXT).join('')}…`;
}
