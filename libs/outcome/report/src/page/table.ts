/**
 * Tables of the page: a caption, a head with scopes, the first cell of each row its header, in a box of its
 * own that scrolls where the screen is narrow and can be reached by keyboard. Columns sort by a click where
 * scripts run (`sort-script.ts`).
 */
import { html, type Html, type Part } from './html.js';

export interface Column {
  readonly title: Part;
  /** Numbers stand at the right. */
  readonly numeric?: boolean;
}

/** Columns that hold no numbers. */
export const words = (...titles: readonly string[]): Column[] => titles.map((title) => ({ title }));

export const numbers = (...titles: readonly string[]): Column[] =>
  titles.map((title) => ({ title, numeric: true }));

/** What is shown and, where it is not that text, what rows are sorted by. */
export interface Cell {
  readonly show: Part;
  readonly sort?: number | string | null;
}

export interface TableData {
  /** Unique in the page. */
  readonly id: string;
  readonly caption: Part;
  readonly columns: readonly Column[];
  readonly rows: readonly (readonly Cell[])[];
}

export function table({ id, caption, columns, rows }: TableData): Html {
  return html`<div class="scroll" role="group" tabindex="0" aria-labelledby="${id}-caption">
    <table id="${id}" class="sortable">
      <caption id="${id}-caption">
        ${caption}
      </caption>
      <thead>
        <tr>
          ${columns.map(({ title, numeric }) => html`<th scope="col" ${numberClass(numeric)}>${title}</th>`)}
        </tr>
      </thead>
      <tbody>
        ${rows.map(
          (cells) =>
            html`<tr>
              ${cells.map((cell, i) => cellOf(cell, columns[i]?.numeric, i === 0))}
            </tr> `,
        )}
      </tbody>
    </table>
  </div> `;
}

function cellOf({ show, sort }: Cell, numeric: boolean | undefined, header: boolean): Html {
  const by = sort === undefined ? null : html` data-sort="${sort ?? ''}"`;
  return header
    ? html`<th scope="row" ${numberClass(numeric)}${by}>${show}</th>`
    : html`<td${numberClass(numeric)}${by}>${show}</td>`;
}

function numberClass(numeric: boolean | undefined): Html | null {
  return numeric === true ? html` class="number"` : null;
}

export function text(show: Part): Cell {
  return { show };
}

/** A dash with a word for screen readers where there is no value, and `reason` where it is known. */
export function number(value: number | null | undefined, digits = 3, reason: string | null = null): Cell {
  if (value === null || value === undefined || Number.isNaN(value)) return none(reason ?? undefined);
  return { show: fixed(value, digits), sort: value };
}

export function none(reason = 'none'): Cell {
  return {
    show: html`<span title="${reason}"
      ><span aria-hidden="true">–</span><span class="unseen">${reason}</span></span
    >`,
    sort: null,
  };
}

/** "0.812", "−0.045": with the minus of typography. */
export function fixed(value: number, digits = 3): string {
  return value.toFixed(digits).replace('-', '−');
}

/** "+0.045", "−0.045". */
export function signed(value: number, digits = 3): string {
  return value > 0 ? `+${fixed(value, digits)}` : fixed(value, digits);
}

/** "0.801 to 0.823", or nothing where an end is missing. */
export function interval(low: number | null, high: number | null, digits = 3): string {
  return low === null || high === null ? '' : `${fixed(low, digits)} to ${fixed(high, digits)}`;
}

/** A learning rate: "2e-5". */
export function rateText(rate: number): string {
  return rate.toExponential();
}
