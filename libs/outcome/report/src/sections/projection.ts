/**
 * Figure 1 of the paper: the embeddings of a split as points of a plane, by cluster and by label. Texts stay
 * out of it.
 */
import { scatterChart } from '@layerwise/charts';
import { z } from 'zod';
import type { Artifacts } from '../artifacts/artifacts.js';
import type { Figure } from '../page/figure.js';
import { html } from '../page/html.js';
import { missing, slug, type Section } from '../page/section.js';

/** More points than this make a page heavy and a picture no clearer. */
const MOST_POINTS = 1500;

const METHODS: Readonly<Record<string, string>> = {
  druid: 't-SNE',
  'tsne-js': 't-SNE',
  pca: 'PCA',
  umap: 'UMAP',
};

export function projectionSection({ projections }: Artifacts): Section {
  return {
    id: 'figure-1',
    title: 'Figure 1: embeddings by cluster and by label',
    parts:
      projections.length === 0
        ? [
            missing(
              'There is no projection here.',
              'npx layerwise stage projection --task DIR --embeddings DIR --clusters DIR --out DIR',
            ),
          ]
        : [
            html`<p>
              The artificial shift parts a task by the clusters of its embeddings. Where the two pictures
              differ, the clusters are not the labels.
            </p>`,
            ...projections.flatMap(picturesOf),
          ],
  };
}

function picturesOf({ label: folder, metadata, rows }: Artifacts['projections'][number]): Figure[] {
  // Evenly spaced rows, so that the same artifact gives the same picture.
  const shown = rows.filter(
    (_, i) =>
      rows.length <= MOST_POINTS ||
      Math.floor((i * MOST_POINTS) / rows.length) !== Math.floor(((i - 1) * MOST_POINTS) / rows.length),
  );
  const method = METHODS[metadata.projector] ?? metadata.projector;
  const some =
    shown.length === Number(metadata.splitRows) ? '' : `; ${shown.length} of ${metadata.splitRows} rows`;
  const draw = (
    by: string,
    names: readonly string[],
    of: (row: (typeof rows)[number]) => number | null,
  ): Figure[] => {
    const points = shown.flatMap((row) => {
      const category = of(row);
      return category === null ? [] : [{ row, category }];
    });
    if (points.length === 0) return [];
    const x = points.map(({ row }) => row.x);
    const y = points.map(({ row }) => row.y);
    return [
      {
        id: slug('projection', folder, by),
        chart: scatterChart({
          title: `${method} of ${metadata.task}’s ${metadata.split} rows, by ${by}`,
          subtitle: `${metadata.encoder}, pooling ${metadata.pooling}; ${metadata.settings}${some}`,
          x,
          y,
          category: points.map(({ category }) => category),
          categories: names,
          xTitle: 'first coordinate',
          yTitle: 'second coordinate',
          legendTitle: by,
          sameScale: true,
        }),
        caption: `${method} of ${metadata.task}’s ${metadata.split} rows, coloured by ${by}${some}.`,
        data: {
          index: points.map(({ row }) => row.index),
          x,
          y,
          [by]: points.map(({ category }) => names[category] ?? String(category)),
        },
      },
    ];
  };
  const labels = z.array(z.string()).parse(JSON.parse(metadata.labels));
  const clusters = Math.max(0, ...rows.map(({ cluster }) => (cluster ?? -1) + 1));
  return [
    ...draw(
      'cluster',
      Array.from({ length: clusters }, (_, i) => `cluster ${i}`),
      ({ cluster }) => cluster,
    ),
    ...draw('label', labels, ({ label }) => label),
  ];
}
