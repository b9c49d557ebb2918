/**
 * The course of pretraining: one row an evaluation. Kept in checkpoints, written as `curve.arrow`, drawn as
 * `curve.svg`.
 */
import { defineTable, readTable, type RowOf } from '@layerwise/artifacts';
import { lineChart, type Chart } from '@layerwise/charts';

export const curveTable = defineTable({
  name: 'pretraining-curve',
  version: 2,
  description: 'Masked-language-model training: loss and accuracy on held-out text.',
  metadataKeys: ['unigramEntropy'],
  columns: [
    { name: 'step', type: 'int32', unit: 'steps', description: 'Steps taken.' },
    { name: 'tokens', type: 'float64', unit: 'tokens', description: 'Tokens seen, special ones included.' },
    {
      name: 'trainingLoss',
      type: 'float64',
      unit: 'nats',
      description: 'Mean loss of the steps since the row before; NaN in a first row before any step.',
    },
    {
      name: 'heldOutLoss',
      type: 'float64',
      unit: 'nats',
      description: 'Mean loss of masked tokens of the held-out slice, every one of them replaced by [MASK].',
    },
    {
      name: 'heldOutAccuracy',
      type: 'float64',
      unit: 'share of masked tokens',
      description: 'Share of those whose likeliest word is the right one.',
    },
    {
      name: 'heldOutCosine',
      type: 'float64',
      description:
        "Mean cosine between the student's and the teacher's vectors of held-out sentences; NaN without a teacher.",
    },
    { name: 'rate', type: 'float64', description: 'Learning rate of the next step.' },
    { name: 'seconds', type: 'float64', unit: 's', description: 'Training and evaluation so far.' },
  ],
});

export type Curve = Readonly<Record<(typeof curveTable.columns)[number]['name'], number[]>>;

export const CURVE_COLUMNS = curveTable.columns.map(({ name }) => name);

export function emptyCurve(): Curve {
  return Object.fromEntries(CURVE_COLUMNS.map((name) => [name, []])) as unknown as Curve;
}

/** A row for each evaluation, as `writeRows` takes them. */
export function curveRows(curve: Curve): RowOf<typeof curveTable>[] {
  const rowAt = (row: number) => Object.fromEntries(CURVE_COLUMNS.map((name) => [name, curve[name][row]]));
  return curve.step.map((_, row) => rowAt(row) as unknown as RowOf<typeof curveTable>);
}

/** Held-out loss over tokens, beside the entropy of word frequencies: what is known without reading. */
export function curveChart(curve: Curve, unigramEntropy: number): Chart {
  return lineChart({
    title: 'Pretraining',
    subtitle: 'Loss of masked tokens in held-out text',
    xTitle: 'million tokens',
    yTitle: 'loss (nats)',
    x: curve.tokens.map((tokens) => tokens / 1e6),
    series: [{ name: 'held-out', y: curve.heldOutLoss }],
    level: { y: unigramEntropy, label: 'word frequencies alone' },
  });
}

/** Reads `curve.arrow` back. @throws InputError when it is missing or not one. */
export async function readCurve(file: string): Promise<{ curve: Curve; unigramEntropy: number }> {
  const table = await readTable(file, curveTable);
  const curve = emptyCurve();
  for (const name of CURVE_COLUMNS) curve[name].push(...table.column(name));
  return { curve, unigramEntropy: Number(table.metadata.unigramEntropy) };
}
