import { createTinyEncoderFolder, openEncoder } from '@layerwise/model';
import { completeRun, prepareRun, settingsFrom, tokenizerOf } from '../src/index.js';

// Two tasks; usually they come from `@layerwise/datasets`. Labels are positions in the names.
const split = (text: string[], label: number[]) => {
  return { index: Int32Array.from(text.keys()), text, pair: null, label: Int32Array.from(label) };
};
const weather = split(['the river rose', 'the river fell', 'the lake rose', 'the lake fell'], [0, 1, 0, 1]);
const place = split(['a river', 'a lake', 'the river rose', 'the lake rose'], [0, 1, 0, 1]);
const tasks = {
  original: { name: 'weather', labels: ['up', 'down'], train: weather, dev: weather },
  shifted: { name: 'place', labels: ['river', 'lake'], train: place, dev: place },
};

// Any Hugging Face BERT folder does; this one is made on the spot, with random weights.
await createTinyEncoderFolder('tiny', ['a', 'the', 'river', 'lake', 'rose', 'fell'], { layers: 4, seed: 1 });
const encoder = openEncoder('tiny');

const settings = settingsFrom(
  {
    rates: '2e-3,0,2e-3,0,2e-3,0,2e-3,0,2e-3,2e-3', // one a layer group; four layers leave every other part empty
    groups: 'paper',
    optimizer: 'adam',
    schedule: 'cosine',
    warmup: 0.1,
    epochsOriginal: 30,
    epochsShifted: 30,
    batch: 2,
    accumulate: 1,
    maxLength: 16,
    dropout: 0,
    seed: 1,
    engine: 'onnxruntime',
    provider: 'cpu',
    threads: 1,
  },
  encoder.config.layers,
);
const run = await prepareRun(tasks, encoder, await tokenizerOf(encoder, null), settings);

// Killed at any moment, the same call goes on from the checkpoint in `results` and ends with the same bits.
const end = await completeRun(run, settings, {
  outputFolder: 'results',
  checkpointEvery: 20,
  classifiers: false,
  signal: new AbortController().signal,
  onPhase: (phase, steps) => console.error(`${phase}: ${steps} steps`),
  onStep: () => undefined,
});
export const row = end.kind === 'finished' ? end.row : undefined;
// row.accuracyOriginalBefore, row.accuracyOriginal (p_o), row.accuracyShifted (p_s), row.reward = p_o + p_s
