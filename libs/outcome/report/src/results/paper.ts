/**
 * What the paper reports: P. Kenneweg, S. Schröder, B. Hammer et al., "Intelligent Learning Rate Distribution
 * to reduce Catastrophic Forgetting in Transformers" (IDEAL 2022, arXiv 2404.01317), tables 1 to 4:
 * accuracies on dev splits. The columns of table 3 are inferred from its figures. Neighbours:
 * `sections/tables.ts`, which sets them beside what was measured here.
 */

/** p_o and p_s; for table 4, D_o before and after training on D_s. */
export type Two = readonly [number, number];

/**
 * Table 1: BERT base on one task, without a shift. The average that the paper prints, 0.848, is not the mean
 * of these, 0.853.
 */
export const TABLE_1: Readonly<Record<string, number>> = {
  SST2: 0.925,
  MRPC: 0.86,
  MNLI: 0.829,
  QNLI: 0.905,
  QQP: 0.899,
  RTE: 0.7,
};

/** A method by our name, its figures of the pairs, and their mean as printed. */
export interface Reported {
  readonly method: string;
  readonly figures: readonly Two[];
  readonly average: Two;
}

/** A table of methods by pairs, D_o and D_s. */
export interface PaperTable {
  readonly pairs: readonly (readonly [string, string])[];
  readonly methods: readonly Reported[];
}

/** @param numbers p_o and p_s of each pair in turn */
function reported(method: string, numbers: readonly number[], average: Two): Reported {
  const figures = numbers.flatMap((one, i): Two[] => (i % 2 === 0 ? [[one, numbers[i + 1]!]] : []));
  return { method, figures, average };
}

/** Pairs that were searched. */
export const TABLE_2: PaperTable = {
  pairs: [
    ['SST2', 'MRPC'],
    ['MRPC', 'SST2'],
    ['QQP', 'MRPC'],
    ['MRPC', 'QQP'],
  ],
  methods: [
    reported('flat', [0.904, 0.86, 0.74, 0.922, 0.869, 0.831, 0.725, 0.901], [0.809, 0.879]),
    reported('ewc', [0.845, 0.836, 0.65, 0.915, 0.851, 0.855, 0.691, 0.895], [0.759, 0.875]),
    reported('distribution', [0.923, 0.853, 0.765, 0.91, 0.877, 0.838, 0.767, 0.892], [0.833, 0.873]),
    reported('combined', [0.908, 0.836, 0.755, 0.916, 0.877, 0.823, 0.738, 0.891], [0.82, 0.867]),
  ],
};

/** Pairs that were not searched. */
export const TABLE_3: PaperTable = {
  pairs: [
    ['RTE', 'MNLI'],
    ['MNLI', 'RTE'],
    ['MNLI', 'QNLI'],
    ['QNLI', 'MNLI'],
  ],
  methods: [
    reported('flat', [0.523, 0.836, 0.745, 0.632, 0.693, 0.896, 0.517, 0.833], [0.62, 0.799]),
    reported('ewc', [0.57, 0.846, 0.774, 0.639, 0.61, 0.908, 0.509, 0.835], [0.616, 0.807]),
    reported('combined', [0.588, 0.76, 0.76, 0.599, 0.77, 0.893, 0.595, 0.815], [0.678, 0.767]),
  ],
};

/** Table 4: BERT base when one task is cut in two; `cluster` is the paper's artificial shift. */
export const TABLE_4: readonly {
  readonly kind: 'length' | 'cluster';
  readonly task: string;
  readonly figures: Two;
}[] = [
  { kind: 'length', task: 'SST2', figures: [0.931, 0.933] },
  { kind: 'length', task: 'QNLI', figures: [0.903, 0.905] },
  { kind: 'cluster', task: 'SST2', figures: [0.909, 0.9] },
  { kind: 'cluster', task: 'MRPC', figures: [0.845, 0.888] },
  { kind: 'cluster', task: 'MNLI', figures: [0.814, 0.826] },
];

/** Whether a task of ours is one of the paper's: "SST-2" is its SST2. */
export function sameTask(ours: string, paper: string): boolean {
  const plain = (name: string): string => name.toUpperCase().replaceAll(/[^A-Z0-9]/g, '');
  return plain(ours) === plain(paper);
}
