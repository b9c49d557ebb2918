import { writeTaskFolder } from '@layerwise/artifacts';
import { createTinyEncoderFolder } from '@layerwise/model';
import { comparisonInWords, evaluateMethods, summaryOf } from '../src/index.js';

// A pair; usually a shift wrote it. Labels are positions in the names.
const text = ['it rose', 'it fell', 'the river rose', 'the river fell'];
const split = (label: number[]) => ({
  index: Int32Array.of(0, 1, 2, 3),
  text,
  pair: null,
  label: Int32Array.from(label),
});
const [motion, subject] = [split([0, 1, 0, 1]), split([0, 0, 1, 1])];
await writeTaskFolder(
  { name: 'motion', labels: ['up', 'down'], train: motion, dev: motion },
  'pair/original',
);
await writeTaskFolder(
  { name: 'subject', labels: ['it', 'river'], train: subject, dev: subject },
  'pair/shifted',
);
// Any Hugging Face BERT folder does; this one is made on the spot, with random weights.
await createTinyEncoderFolder('tiny', ['it', 'the', 'river', 'rose', 'fell'], { layers: 1, seed: 1 });

// Killed at any moment, the same call goes on.
const end = await evaluateMethods({
  pairs: ['pair'],
  trainLimit: null,
  searches: [],
  encoder: 'tiny',
  methods: ['flat', 'single', 'replay'],
  seeds: [1, 2],
  outputFolder: 'results',
  choices: {
    rates: '5e-3',
    groups: 'layers',
    optimizer: 'adam',
    schedule: 'cosine',
    warmup: 0.1,
    epochsOriginal: 20,
    epochsShifted: 20,
    batch: 2,
    accumulate: 1,
    maxLength: 16,
    engine: 'onnxruntime',
    provider: 'cpu',
    threads: 1,
    replayShare: 0.5,
  },
  resample: { resamples: 500, seed: 1 },
  workers: 1,
  checkpointEvery: 100,
  tokenFolder: null,
  versions: {},
  signal: new AbortController().signal,
  onPlan: () => undefined,
  onProgress: () => undefined,
  onCell: () => undefined,
});
if (end.kind === 'stopped') throw new Error('stopped; the same call goes on');

const { summaries, comparisons } = end.evaluation;
export const forgotten = summaryOf(summaries, 'flat', 'motion → subject', 'forgetting'); // mean, low, high, seeds
export const words = comparisons.map(comparisonInWords); // 'replay − flat on p_o: +0.250 (…; 2 seeds), McNemar p = …'
