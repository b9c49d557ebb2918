import { writeFileSync } from 'node:fs';
import { preparePretraining, pretrain, readCorpus, writeMaskedEncoder } from '../src/index.js';

// A corpus is text, one paragraph a line; usually a folder of .txt files.
const scenes = ['The river rose slowly.', 'The miller slept until noon.', 'Rain fell on the old mill.'];
const lines = Array.from({ length: 200 }, (_, i) => `${scenes[i % 3] ?? ''} ${scenes[(i * i) % 3] ?? ''}`);
writeFileSync('corpus.txt', `${lines.join('\n')}\n`);
const corpus = readCorpus('corpus.txt');

// Far too small for anything but an example.
const start = {
  kind: 'new',
  sizes: {
    layers: 2,
    hidden: 32,
    heads: 4,
    intermediate: 64,
    vocabulary: 80,
    positions: 32,
    initializerRange: 0.05,
    dropout: 0.1,
    seed: 1,
    neighbours: true, // heads look at neighbouring words from the first step
  },
} as const;
const settings = {
  length: 16,
  pairShare: 0.5,
  batch: 8,
  steps: 80,
  rate: 1e-2,
  warmup: 0.1,
  schedule: 'linear',
  maskShare: 0.15,
  masking: 'bert',
  summarise: false,
  teaching: null,
  beta2: 0.98,
  weightDecay: 0.01,
  clipNorm: 1,
  heldOut: 0.1,
  evaluateEvery: 40,
  seed: 1,
  engine: 'onnxruntime',
  provider: 'cpu',
  threads: 1,
} as const;

// The folder has its tokeniser first: vocab.txt, tokenizer.json, tokenizer_config.json.
const run = await preparePretraining(corpus, start, settings, 'encoder');

// Killed at any moment, the same call goes on from the checkpoint in the folder and ends with the same bits.
const end = await pretrain(run, settings, {
  outputFolder: 'encoder',
  checkpointEvery: 40,
  signal: new AbortController().signal,
  onStart: (done) => console.error(`${done} steps were done before`),
  onStep: () => undefined,
  onEvaluation: ({ heldOutLoss }) => console.error(`held out: ${String(heldOutLoss.at(-1))} nats`),
});

// config.json and model.safetensors: a Hugging Face folder, here with weights of 16 bits.
await writeMaskedEncoder('encoder', run.state, { half: true });
export const frequencies = run.unigramEntropy;
export const loss = end.kind === 'complete' ? end.curve.heldOutLoss.at(-1) : undefined;
