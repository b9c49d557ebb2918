/** A figure of the page: a chart, what it says in words, and the numbers behind it. `page.ts` draws it. */
import type { Chart } from '@layerwise/charts';
import type { CsvColumns } from './csv.js';
import type { Part } from './html.js';

export interface Figure {
  /** Unique in the page: its anchor, and the name of its files. */
  readonly id: string;
  readonly chart: Chart;
  readonly caption: Part;
  /** All that is drawn, in full precision. */
  readonly data: CsvColumns;
}
