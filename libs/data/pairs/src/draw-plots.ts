/**
 * Pictures of a pair, from the files of its folder alone (`pair-folder.ts`): how long the rows of both parts
 * are, with the cut where one was made, and how their labels are shared out.
 */
import { join } from 'node:path';
import { readTable, type PlotContext, type Table } from '@layerwise/artifacts';
import { barChart, histogramChart, writeChart, type Chart } from '@layerwise/charts';
import { PAIR_SPLITS, PARTS, type PairSplit, type PartName } from './pair.js';
import { rowsTable } from './rows-table.js';
import { cellOf, shiftTable } from './summary.js';

const SYMBOLS = { original: 'D_o', shifted: 'D_s' } as const;

type RowsTable = Table<(typeof rowsTable)['columns']>;
type SummaryTable = Table<(typeof shiftTable)['columns']>;

/** A stage's `plots`: `lengths-train`, `lengths-dev` and `labels` (one a part where their labels differ). */
export async function drawPairPlots({ outputFolder, plotsFolder }: PlotContext): Promise<void> {
  const rows = await readTable(join(outputFolder, 'rows.arrow'), rowsTable);
  const summary = await readTable(join(outputFolder, 'shift.arrow'), shiftTable);
  for (const split of PAIR_SPLITS)
    await writeChart(lengthsChart(rows, summary, split), join(plotsFolder, `lengths-${split}`));
  const [original, shifted] = PARTS.map((part) => JSON.stringify(labelsOf(summary, part)));
  if (original === shifted) return writeChart(labelsChart(summary, PARTS), join(plotsFolder, 'labels'));
  for (const part of PARTS)
    await writeChart(labelsChart(summary, [part]), join(plotsFolder, `labels-${part}`));
}

function lengthsChart(rows: RowsTable, summary: SummaryTable, split: PairSplit): Chart {
  const [parts, splits] = [rows.column('part'), rows.column('split')];
  const lengthsOf = (part: PartName): Int32Array =>
    rows.column('length').filter((_, row) => parts[row] === part && splits[row] === split);
  const cut = summary.column('cut')[cellOf('original', split)] ?? null;
  const unit = rows.metadata.lengthUnit === 'pieces' ? 'word pieces' : 'words';
  return histogramChart({
    title: `Lengths of the ${split} rows`,
    xTitle: `${unit} of text and pair together`,
    series: PARTS.map((part) => ({ name: nameOf(summary, part), values: lengthsOf(part) })),
    ...(cut !== null && { cut: { value: cut, label: `cut at ${cut}` } }),
  });
}

/** Of parts that have the same labels. */
function labelsChart(summary: SummaryTable, parts: readonly PartName[]): Chart {
  const shares = summary.column('labelShares');
  const cells = parts.flatMap((part) => PAIR_SPLITS.map((split) => ({ part, split })));
  const sharesOf = cells.map(({ part, split }) => {
    const cell = cellOf(part, split);
    return shares.values.subarray(shares.offsets[cell], shares.offsets[cell + 1]);
  });
  return barChart({
    title: 'Balance of the labels',
    subtitle: parts.map((part) => nameOf(summary, part)).join('; '),
    groups: cells.map(({ part, split }) => `${SYMBOLS[part]} ${split}`),
    series: labelsOf(summary, parts[0] ?? 'original').map((name, label) => ({
      name,
      values: sharesOf.map((ofCell) => ofCell[label]!),
    })),
    xTitle: 'part and split',
    yTitle: 'share of rows',
    legendTitle: 'label',
  });
}

function nameOf(summary: SummaryTable, part: PartName): string {
  return `${SYMBOLS[part]}, ${summary.column('task')[cellOf(part, 'train')] ?? ''}`;
}

function labelsOf(summary: SummaryTable, part: PartName): readonly string[] {
  const labels = summary.column('labels');
  const cell = cellOf(part, 'train');
  return labels.values.slice(labels.offsets[cell], labels.offsets[cell + 1]);
}
