import { startStopwatch } from '@layerwise/artifacts';
import { createTinyEncoderFolder, openEncoder } from '@layerwise/model';
import { settingsFrom, tokenizerOf } from '@layerwise/finetune';
import { cutTask } from '@layerwise/pairs';
import { figureOf, runStudy, studyText, writeStudy } from '../src/index.js';

// A task; usually it comes from `@layerwise/datasets`. Labels are positions in the names.
const text = ['it rose', 'it fell', 'the old river rose', 'the old river fell'];
const split = { index: Int32Array.of(0, 1, 2, 3), text, pair: null, label: Int32Array.of(0, 1, 0, 1) };
const task = { name: 'river', labels: ['up', 'down'], train: split, dev: split };

// Its pair: usually from a shift lib; here the first two rows of each split are D_o, the others D_s.
const [shorter, longer] = [Int32Array.of(0, 1), Int32Array.of(2, 3)];
const rows = { original: { train: shorter, dev: shorter }, shifted: { train: longer, dev: longer } };
const names = { original: 'river (shorter)', shifted: 'river (longer)' };
const pair = cutTask(task, 'length', rows, names);

// Any Hugging Face BERT folder does; this one is made on the spot, with random weights.
await createTinyEncoderFolder('tiny', ['it', 'the', 'old', 'river', 'rose', 'fell'], { layers: 2, seed: 1 });
const encoder = openEncoder('tiny');
const settings = settingsFrom(
  {
    rates: '2e-3',
    groups: 'layers',
    optimizer: 'adam',
    schedule: 'cosine',
    warmup: 0.1,
    epochsOriginal: 20,
    epochsShifted: 20,
    batch: 2,
    accumulate: 1,
    maxLength: 16,
    seed: 0,
    engine: 'onnxruntime',
    provider: 'cpu',
    threads: 1,
  },
  encoder.config.layers,
);

// Three runs a seed: D_o then D_s, D_s alone, both mixed. Killed at any moment, the same call goes on from
// `results/units`.
const end = await runStudy([{ name: 'river', pair, settings }], {
  encoder,
  tokenize: await tokenizerOf(encoder, null),
  unitsFolder: 'results/units',
  seeds: [1, 2],
  bootstrap: { resamples: 2000, seed: 1, level: 0.95 },
  checkpointEvery: 100,
  signal: new AbortController().signal,
  versions: {},
  onProgress: () => undefined,
  onUnit: () => undefined,
});
if (end.kind === 'stopped') throw new Error('stopped; the same call goes on');

export const after = figureOf(end.study.tasks[0]?.figures ?? [], 'after'); // accuracy, low, high, sd, rows, majority
export const table = studyText(end.study);
await writeStudy('results', end.study, {
  fingerprint: '0'.repeat(64),
  parameters: {},
  inputs: [],
  times: startStopwatch(),
  versions: {},
});
