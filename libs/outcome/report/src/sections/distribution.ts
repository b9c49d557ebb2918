/** Figure 2 of the paper: the combined learning rate of each layer group beside the customary flat one. */
import { distributionChart } from '@layerwise/combination';
import type { Artifacts } from '../artifacts/artifacts.js';
import type { Figure } from '../page/figure.js';
import { html } from '../page/html.js';
import { flatRateOf } from '../results/methods.js';
import { missing, slug, type Section } from '../page/section.js';
import { rateText } from '../page/table.js';

export function distributionSection(artifacts: Artifacts): Section {
  const { distributions } = artifacts;
  const flat = flatRateOf(artifacts);
  return {
    id: 'figure-2',
    title: 'Figure 2: the learning-rate distribution',
    parts:
      distributions.length === 0
        ? [
            missing(
              'There is no combination of searches here.',
              'npx layerwise combine DIR/trials.arrow … --out DIR',
            ),
          ]
        : [
            html`<p>
              The rates of a search’s trials, weighed by rank and combined over the pairs. A band as wide as
              the differences between groups says that the trials do not determine the shape.
            </p>`,
            ...distributions.map((one) => figureOf(one, flat)),
          ],
  };
}

function figureOf({ label, distribution }: Artifacts['distributions'][number], flat: number | null): Figure {
  const { groups, rates, band, perPair } = distribution;
  return {
    id: slug('distribution', label),
    chart:
      flat === null
        ? distributionChart(distribution)
        : distributionChart(distribution, { y: flat, label: `${rateText(flat)}, flat` }),
    caption: `Combined learning rate of each of ${groups.length} layer groups over ${perPair.map(({ pair }) => pair).join(', ')}, with the flat rate of ${rateText(flat ?? 2e-5)} as a dashed line.`,
    data: {
      order: groups.map((_, i) => i),
      group: groups,
      rate: rates,
      low: band.low,
      high: band.high,
      ...Object.fromEntries(perPair.map(({ pair, rates: own }) => [`rate of ${pair}`, own])),
    },
  };
}
