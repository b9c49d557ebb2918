/** A section of the page: what `sections/` make of the artifacts, and `page.ts` puts together. */
import type { Figure } from './figure.js';
import { html, type Html } from './html.js';

export interface Section {
  /** Its anchor. */
  readonly id: string;
  readonly title: string;
  readonly parts: readonly (Html | Figure)[];
}

/** What stands in the place of something that there is no artifact for. @param command what makes it */
export function missing(what: string, command: string): Html {
  return html`<p class="missing">${what} <code>${command}</code> makes it.</p> `;
}

/** A name as part of an anchor: small letters, digits and hyphens. */
export function slug(...names: readonly (string | number)[]): string {
  const words = names.join('-').normalize('NFKD').toLowerCase();
  return words.replaceAll(/[^a-z0-9]+/g, '-').replaceAll(/^-|-$/g, '');
}
