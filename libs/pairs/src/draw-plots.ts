/**
 * Pictures of a pair, from the files of its folder alone (`pair-folder.ts`): how long the rows of both parts are, with the cut where one
 * was made, and how their labels are shared out.
 */
import { join } from 'node:path';
import { readTable, type PlotContext } from '@layerwise/artifacts';
import { barChart, histogramChart, writeChart } from '@layerwise/charts';
import { PAIR_SPLITS, PARTS, type PairSplit, type PartName } from './pair.js';
import { rowsTable } from './rows-table.js';
import { cellOf, shiftTable } from './summary.js';

const SYMBOLS = { original: 'D_o', shifted: 'D_s' } as const;

/** Draws `lengths-train`, `lengths-dev` and `labels` (one a part where their labels are others). A stage's `plots`. */
export async function drawPairPlots({ outputFolder, plotsFolder }: PlotContext): Promise<void> {
  const rows = await readTable(join(outputFolder, 'rows.arrow'), rowsTable);
  const summary = await readTable(join(outputFolder, 'shift.arrow'), shiftTable);
  const tasks = summary.column('task');
  const nameOf = (part: PartName): string => `${SYMBOLS[part]}, ${tasks[cellOf(part, 'train')] ?? ''}`;
  const unit = rows.metadata.lengthUnit === 'pieces' ? 'word pieces' : 'words';
  const [part, split, length] = [rows.column('part'), rows.column('split'), rows.column('length')];
  const cuts = summary.column('cut');

  const lengthsOf = (ofPart: PartName, ofSplit: PairSplit): Int32Array =>
    length.filter((_, row) => part[row] === ofPart && split[row] === ofSplit);
  for (const one of PAIR_SPLITS) {
    const cut = cuts[cellOf('original', one)] ?? null;
    const chart = histogramChart({
      title: `Lengths of the ${one} rows`,
      xTitle: `${unit} of text and pair together`,
      series: PARTS.map((part) => ({ name: nameOf(part), values: lengthsOf(part, one) })),
      ...(cut !== null && { cut: { value: cut, label: `cut at ${String(cut)}` } }),
    });
    await writeChart(chart, join(plotsFolder, `lengths-${one}`));
  }

  const labels = summary.column('labels');
  const shares = summary.column('labelShares');
  const labelsOf = (part: PartName): readonly string[] => {
    const cell = cellOf(part, 'train');
    return labels.values.slice(labels.offsets[cell], labels.offsets[cell + 1]);
  };
  const sharesOf = (part: PartName, split: PairSplit): Float64Array => {
    const cell = cellOf(part, split);
    return shares.values.subarray(shares.offsets[cell], shares.offsets[cell + 1]);
  };
  const drawLabels = (parts: readonly PartName[], file: string): Promise<void> => {
    const [first = 'original'] = parts;
    const cells = parts.flatMap((part) => PAIR_SPLITS.map((split) => ({ part, split })));
    const chart = barChart({
      title: 'Balance of the labels',
      subtitle: parts.map(nameOf).join('; '),
      groups: cells.map(({ part, split }) => `${SYMBOLS[part]} ${split}`),
      series: labelsOf(first).map((name, label) => ({
        name,
        values: cells.map(({ part, split }) => sharesOf(part, split)[label] ?? 0),
      })),
      xTitle: 'part and split',
      yTitle: 'share of rows',
      legendTitle: 'label',
    });
    return writeChart(chart, join(plotsFolder, file));
  };
  if (JSON.stringify(labelsOf('original')) === JSON.stringify(labelsOf('shifted'))) {
    await drawLabels(PARTS, 'labels');
  } else {
    for (const one of PARTS) await drawLabels([one], `labels-${one}`);
  }
}
