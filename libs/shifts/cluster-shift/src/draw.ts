/** The picture that this stage adds to those of every pair: the silhouette over the number of clusters. */
import { join } from 'node:path';
import { readTable, type PlotContext } from '@layerwise/artifacts';
import { lineChart, writeChart } from '@layerwise/charts';
import { silhouetteTable } from './tables.js';

/** Draws `silhouette`, with a mark at the number of clusters that was taken. */
export async function drawSilhouettes({ outputFolder, plotsFolder }: PlotContext): Promise<void> {
  const table = await readTable(join(outputFolder, 'silhouette.arrow'), silhouetteTable);
  const { task, k: taken, sampleRows } = table.metadata;
  const k = table.column('k');
  // A sample in one cluster has no silhouette, and so no point.
  const points = table.column('silhouette').flatMap((y, i) => (y === null ? [] : [{ x: k[i]!, y }]));
  if (points.length === 0) return;
  const chart = lineChart({
    title: `Silhouette of the clusters of ${task}`,
    subtitle: `K-means of its embeddings; mean over ${sampleRows} of the rows`,
    xTitle: 'number of clusters K',
    yTitle: 'mean silhouette',
    x: points.map(({ x }) => x),
    series: [{ name: 'silhouette', y: points.map(({ y }) => y) }],
    mark: { x: Number(taken), label: `K = ${taken}` },
  });
  await writeChart(chart, join(plotsFolder, 'silhouette'));
}
