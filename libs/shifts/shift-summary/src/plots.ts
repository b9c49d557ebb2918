/** The stage's pictures, from its files: the classifier's scores of both parts, and MMD² beside chance. */
import { join } from 'node:path';
import { readTable, type PlotContext } from '@layerwise/artifacts';
import { histogramChart, writeChart } from '@layerwise/charts';
import { pValueInWords } from './reading.js';
import { permutationTable, scoreTable, shiftSummaryTable } from './tables.js';

/**
 * Writes `scores` and, but for clusters, `permutations`: for clusters, which differ by construction, a
 * distance from chance is no finding.
 */
export async function drawSummaryPlots({ outputFolder, plotsFolder }: PlotContext): Promise<void> {
  const summary = await readTable(join(outputFolder, 'shift-summary.arrow'), shiftSummaryTable);
  const { kind, original, shifted } = summary.metadata;
  const dev = summary.column('split').indexOf('dev');
  const of = (column: 'balancedAccuracy' | 'proxyADistance' | 'mmdSquared' | 'pValue') =>
    summary.column(column)[dev]!;

  const scores = await readTable(join(outputFolder, 'scores.arrow'), scoreTable);
  const part = scores.column('part');
  const scoresOf = (name: string) => scores.column('score').filter((_, row) => part[row] === name);
  await writeChart(
    histogramChart({
      title: 'The parts, told apart by a linear classifier',
      subtitle: `dev rows: ${(100 * of('balancedAccuracy')).toFixed(1)} % right (balanced), proxy A-distance ${of('proxyADistance').toFixed(2)}`,
      xTitle: 'score (log odds of D_s)',
      series: [
        { name: `D_o: ${original}`, values: scoresOf('original') },
        { name: `D_s: ${shifted}`, values: scoresOf('shifted') },
      ],
      cut: { value: 0, label: 'its boundary' },
    }),
    join(plotsFolder, 'scores'),
  );
  if (kind === 'cluster') return;

  const permutations = await readTable(join(outputFolder, 'permutations.arrow'), permutationTable);
  const split = permutations.column('split');
  const values = permutations.column('mmdSquared').filter((_, row) => split[row] === 'dev');
  await writeChart(
    histogramChart({
      title: 'The distance of the parts, and chance',
      subtitle: `dev rows of ${original} and ${shifted}, p = ${pValueInWords(of('pValue'))}`,
      xTitle: 'MMD²',
      yTitle: 'permutations',
      series: [{ name: 'rows dealt to the parts at random', values }],
      cut: { value: of('mmdSquared'), label: 'the parts as they are' },
    }),
    join(plotsFolder, 'permutations'),
  );
}
