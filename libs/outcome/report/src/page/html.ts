/**
 * HTML from templates: html`<b>${text}</b>` escapes what is put in, unless it is HTML made here. Nothing else
 * of the lib joins markup with data. The escapes are those of the HTML standard for text and for attribute
 * values in double quotes (https://html.spec.whatwg.org/multipage/parsing.html).
 */

/** Markup that may stand in a page as it is. */
export interface Html {
  readonly markup: string;
}

/** What a template takes: text and numbers are escaped, null is nothing, lists are joined. */
export type Part = Html | string | number | null | readonly Part[];

export function html(strings: TemplateStringsArray, ...parts: readonly Part[]): Html {
  const markup = strings.reduce((before, after, i) => `${before}${markupOf(parts[i - 1] ?? null)}${after}`);
  return { markup };
}

/** Takes a text for markup: of our own making alone, such as a drawn chart. */
export function raw(markup: string): Html {
  return { markup };
}

export function escaped(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replaceAll("'", '&#39;')
    .replaceAll('\0', '\uFFFD');
}

function markupOf(part: Part): string {
  if (part === null) return '';
  if (typeof part === 'string') return escaped(part);
  if (typeof part === 'number') return escaped(String(part));
  return 'markup' in part ? part.markup : part.map(markupOf).join('');
}
