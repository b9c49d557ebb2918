/**
 * Pictures of a projection (figure 1 of Kenneweg et al. 2022, and more), from `projection.arrow` alone and
 * without its texts: coloured by label, and by cluster, by part and by error where these are known.
 */
import { join } from 'node:path';
import { projectionTable, readTable, type PlotContext } from '@layerwise/artifacts';
import { scatterChart, writeChart } from '@layerwise/charts';
import { z } from 'zod';
import type { ProjectorName } from './project.js';
import { PARTS } from './row-details.js';

/** One way to colour the points. */
interface Colouring {
  readonly file: string;
  readonly legendTitle: string;
  readonly categories: readonly string[];
  /** The category of a row, or null for one that is left out. */
  readonly categoryOf: (row: number) => number | null;
}

const METHODS: Readonly<Record<ProjectorName, string>> = {
  druid: 't-SNE',
  'tsne-js': 't-SNE (tsne-js)',
  pca: 'PCA',
  umap: 'UMAP',
};

const PART_NAMES = { original: 'D_o', shifted: 'D_s', neither: 'neither' } as const;

/** A stage's `plots`: `by-label`, `by-cluster`, `by-part` and `by-error`, as far as the table knows them. */
export async function drawProjection({ outputFolder, plotsFolder }: PlotContext): Promise<void> {
  const table = await readTable(join(outputFolder, 'projection.arrow'), projectionTable);
  const { metadata } = table;
  const labels = z.array(z.string()).parse(JSON.parse(metadata.labels));
  const [cluster, part, predicted] = [
    table.column('cluster'),
    table.column('part'),
    table.column('predicted'),
  ];
  const label = table.column('label');
  const clusters = cluster.reduce<number>((most, one) => Math.max(most, (one ?? -1) + 1), 0);
  const parts = PARTS.filter((name) => part.includes(name));
  const colourings: readonly Colouring[] = [
    { file: 'by-label', legendTitle: 'label', categories: labels, categoryOf: (row) => label[row] ?? null },
    {
      file: 'by-cluster',
      legendTitle: 'cluster',
      categories: Array.from({ length: clusters }, (_, i) => `cluster ${i}`),
      categoryOf: (row) => cluster[row] ?? null,
    },
    {
      file: 'by-part',
      legendTitle: 'part',
      categories: parts.map((name) => PART_NAMES[name]),
      categoryOf: (row) => {
        const place = parts.findIndex((name) => name === part[row]);
        return place < 0 ? null : place;
      },
    },
    {
      file: 'by-error',
      legendTitle: 'prediction',
      categories: ['right', 'wrong'],
      categoryOf: (row) => {
        const prediction = predicted[row] ?? null;
        return prediction === null ? null : Number(prediction !== label[row]);
      },
    },
  ];

  const [x, y] = [table.column('x'), table.column('y')];
  const method = METHODS[metadata.projector as ProjectorName];
  for (const { file, legendTitle, categories, categoryOf } of colourings) {
    const category = Array.from(x, (_, row) => categoryOf(row));
    const rows = category.flatMap((one, row) => (one === null ? [] : [row]));
    if (rows.length === 0) continue;
    const take = (column: Float64Array): Float64Array => Float64Array.from(rows, (row) => column[row]!);
    const counts = categories.map((_, i) => category.filter((one) => one === i).length);
    const chart = scatterChart({
      title: `${method} of ${metadata.task}’s ${metadata.split} rows, by ${legendTitle}`,
      subtitle: `${metadata.encoder}, pooling ${metadata.pooling}; ${metadata.settings}`,
      x: take(x),
      y: take(y),
      category: rows.map((row) => category[row]!),
      categories: categories.map((name, i) => `${name} (${counts[i]!})`),
      xTitle: 'first coordinate',
      yTitle: 'second coordinate',
      legendTitle,
      sameScale: true,
    });
    await writeChart(chart, join(plotsFolder, file));
  }
}
