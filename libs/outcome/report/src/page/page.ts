/**
 * Sections and drawn figures as one HTML page that needs nothing else: style, script, charts and downloads
 * are in it, and its content security policy forbids every request and every script but its own.
 */
import { createHash } from 'node:crypto';
import { csvOf, dataUri, type CsvColumns } from './csv.js';
import type { Figure } from './figure.js';
import { html, raw, type Html } from './html.js';
import { pageStyle } from './style.js';
import type { Section } from './section.js';
import { sortScript } from './sort-script.js';
import { none, table, type Cell } from './table.js';

export interface Page {
  readonly title: string;
  readonly sections: readonly Section[];
  /** A figure's id → its drawing. */
  readonly drawings: ReadonlyMap<string, string>;
  /** Ids of figures whose SVG is not offered for download, for want of room. */
  readonly withoutSvg: ReadonlySet<string>;
}

/** Longer data are in the CSV alone. */
const MOST_ROWS = 60;

export function renderPage(page: Page): string {
  const { title, sections, withoutSvg } = page;
  const policy = `default-src 'none'; img-src data:; style-src '${hashOf(pageStyle)}'; script-src '${hashOf(sortScript)}'; base-uri 'none'; form-action 'none'`;
  const { markup } = html`<!doctype html>
    <html lang="en-GB">
      <head>
        <meta charset="utf-8" />
        <meta http-equiv="Content-Security-Policy" content="${policy}" />
        <meta name="viewport" content="width=device-width,initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <title>${title}</title>
        <link rel="icon" href="data:," />
        ${raw(`<style>${pageStyle}</style>`)}
      </head>
      <body>
        <a class="skip" href="#main">Skip to the content</a>
        <header><h1>${title}</h1></header>
        <nav aria-label="Contents">
          <ul>
            ${sections.map(({ id, title: name }) => html`<li><a href="#${id}">${name}</a></li> `)}
          </ul>
        </nav>
        <main id="main">${sections.map((section) => sectionOf(section, page))}</main>
        <footer>
          <p>
            Made by layerwise. Figures and tables follow P. Kenneweg et al., Intelligent Learning Rate
            Distribution to reduce Catastrophic Forgetting in Transformers (IDEAL
            2022).${
              withoutSvg.size === 0
                ? ''
                : ` To keep the page small, ${withoutSvg.size} of the figures cannot be saved as SVG.`
            }
          </p>
        </footer>
        ${raw(`<script>${sortScript}</script>`)}
      </body>
    </html> `;
  return markup;
}

function hashOf(text: string): string {
  return `sha256-${createHash('sha256').update(text).digest('base64')}`;
}

function sectionOf({ id, title, parts }: Section, page: Page): Html {
  return html`<section id="${id}" aria-labelledby="${id}-title">
    <h2 id="${id}-title">${title}</h2>
    ${parts.map((part) => ('markup' in part ? part : figureOf(part, page)))}
  </section> `;
}

function figureOf({ id, chart, caption, data }: Figure, { drawings, withoutSvg }: Page): Html {
  const svg = drawings.get(id);
  if (svg === undefined) throw new Error(`the figure ${id} was not drawn`);
  return html`<figure id="${id}">
    <div class="scroll" role="group" tabindex="0" aria-label="${chart.title}">${raw(inline(svg))}</div>
    <figcaption>
      ${caption}
      <span class="downloads"
        ><a download="${id}.csv" href="${raw(dataUri('text/csv', csvOf(data)))}">data (CSV)</a>${
          withoutSvg.has(id)
            ? null
            : html` · <a download="${id}.svg" href="${raw(dataUri('image/svg+xml', svg))}">picture (SVG)</a>`
        }</span
      >
    </figcaption>
    ${dataTable(id, chart.title, data)}
  </figure> `;
}

/** For those who do not see the chart. */
function dataTable(id: string, title: string, data: CsvColumns): Html | null {
  const names = Object.keys(data);
  const rows = Math.max(0, ...Object.values(data).map(({ length }) => length));
  if (rows > MOST_ROWS) return null;
  const cellAt = (name: string, row: number): Cell => {
    const value = data[name]?.[row] ?? null;
    if (value === null) return none();
    return typeof value === 'number'
      ? { show: String(Number(value.toPrecision(4))), sort: value }
      : { show: value };
  };
  return html`<details>
    <summary>Data as a table</summary>
    ${table({
      id: `${id}-data`,
      caption: title,
      columns: names.map((name) => ({ title: name, numeric: typeof data[name]?.[0] === 'number' })),
      rows: Array.from({ length: rows }, (_, row) => names.map((name) => cellAt(name, row))),
    })}
  </details> `;
}

/** A drawing as part of a page: its letters are the page's. */
function inline(svg: string): string {
  return svg.replaceAll(/ font-family="[^"]*"/g, '').trim();
}
