/** Artifacts → the page: every section, its figures drawn, and no larger than a page should be. */
import { renderSvg } from '@layerwise/charts';
import { InputError } from '@layerwise/errors';
import type { Artifacts } from './artifacts/artifacts.js';
import type { Figure } from './page/figure.js';
import { renderPage } from './page/page.js';
import type { Section } from './page/section.js';
import { distributionSection } from './sections/distribution.js';
import { driftSection } from './sections/drift.js';
import { flipsSection } from './sections/flips.js';
import { matrixSection } from './sections/matrix.js';
import { projectionSection } from './sections/projection.js';
import { provenanceSection } from './sections/provenance.js';
import { searchesSection } from './sections/searches.js';
import { shiftsSection } from './sections/shifts.js';
import { summarySection } from './sections/summary.js';
import { tablesSection } from './sections/tables.js';
import { trainingSection } from './sections/training.js';

/** Bytes. */
export const LARGEST_PAGE = 3_000_000;

/** In the order of the page. */
const SECTIONS: readonly ((artifacts: Artifacts) => Section)[] = [
  ...[summarySection, tablesSection, projectionSection, distributionSection, trainingSection, matrixSection],
  ...[driftSection, flipsSection, shiftsSection, searchesSection, provenanceSection],
];

/** The same artifacts give the same text. @throws InputError where there is too much for one page */
export async function renderReport(
  artifacts: Artifacts,
  title: string,
  largest = LARGEST_PAGE,
): Promise<string> {
  const sections = SECTIONS.map((section) => section(artifacts));
  const figures = sections.flatMap(({ parts }) => parts.flatMap((part) => ('markup' in part ? [] : [part])));
  const drawings = await drawn(figures);
  const bySize = [...drawings].sort(([, a], [, b]) => b.length - a.length).map(([id]) => id);
  // The largest pictures are left out of the downloads first: they are on the page all the same.
  for (let left = 0; left <= bySize.length; left++) {
    const page = renderPage({ title, sections, drawings, withoutSvg: new Set(bySize.slice(0, left)) });
    if (Buffer.byteLength(page) <= largest) return page;
  }
  throw new InputError(
    `The report would be larger than ${(largest / 1e6).toFixed(0)} MB; give fewer folders with --from.`,
  );
}

async function drawn(figures: readonly Figure[]): Promise<ReadonlyMap<string, string>> {
  const drawings = new Map<string, string>();
  for (const { id, chart } of figures) {
    if (drawings.has(id)) throw new Error(`two figures are called ${id}`);
    drawings.set(id, await renderSvg(chart));
  }
  return drawings;
}
