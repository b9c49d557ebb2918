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

/** A table of methods by pairs. */
export interface PaperTable {
  /** D_o and D_s. */
  readonly pairs: readonly (readonly [string, string])[];
  /** The paper's name of a method, ours, its figures of the pairs, and their mean as printed. */
  readonly methods: readonly {
    readonly name: string;
    readonly method: string;
    readonly figures: readonly Two[];
    readonly average: Two;
  }[];
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
    {
      name: 'BERT base',
      method: 'flat',
      figures: [
        [0.904, 0.86],
        [0.74, 0.922],
        [0.869, 0.831],
        [0.725, 0.901],
      ],
      average: [0.809, 0.879],
    },
    {
      name: 'BERT + EWC',
      method: 'ewc',
      figures: [
        [0.845, 0.836],
        [0.65, 0.915],
        [0.851, 0.855],
        [0.691, 0.895],
      ],
      average: [0.759, 0.875],
    },
    {
      name: 'BERTcL',
      method: 'distribution',
      figures: [
        [0.923, 0.853],
        [0.765, 0.91],
        [0.877, 0.838],
        [0.767, 0.892],
      ],
      average: [0.833, 0.873],
    },
    {
      name: 'BERTcL combined',
      method: 'combined',
      figures: [
        [0.908, 0.836],
        [0.755, 0.916],
        [0.877, 0.823],
        [0.738, 0.891],
      ],
      average: [0.82, 0.867],
    },
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
    {
      name: 'BERT base',
      method: 'flat',
      figures: [
        [0.523, 0.836],
        [0.745, 0.632],
        [0.693, 0.896],
        [0.517, 0.833],
      ],
      average: [0.62, 0.799],
    },
    {
      name: 'BERT + EWC',
      method: 'ewc',
      figures: [
        [0.57, 0.846],
        [0.774, 0.639],
        [0.61, 0.908],
        [0.509, 0.835],
      ],
      average: [0.616, 0.807],
    },
    {
      name: 'BERTcL combined',
      method: 'combined',
      figures: [
        [0.588, 0.76],
        [0.76, 0.599],
        [0.77, 0.893],
        [0.595, 0.815],
      ],
      average: [0.678, 0.767],
    },
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
