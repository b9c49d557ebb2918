/** What a finished run leaves, read back file by file and compared with what the run was. */
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startStopwatch, historyTable, predictionsTable, readTable } from '@layerwise/artifacts';
import { viewOf } from '@layerwise/engine';
import { openEncoder, openSafetensors } from '@layerwise/model';
import { groupingToJson } from '@layerwise/optimizers';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  CHECKPOINT_FILE,
  completeRun,
  epochOrder,
  OUTPUTS,
  PHASES,
  readResults,
  writeRunManifest,
  type PreparedRun,
  type ResultsRow,
} from '../src/index.js';
import { batchesTable } from '../src/results/batches-table.js';
import { BERT, prepare, SETTINGS, TASKS } from './tiny-run.js';

const folder = mkdtempSync(join(tmpdir(), 'layerwise-results-'));
/** What a process leaves that was killed in writing. */
const LEFTOVER = '.checkpoint.safetensors.12345-0123456789ab.layerwise-tmp';
const steps: { phase: string; loss: number }[] = [];
let run: PreparedRun;
let row: ResultsRow;

beforeAll(async () => {
  run = await prepare(SETTINGS);
  writeFileSync(join(folder, LEFTOVER), 'half of a checkpoint');
  const end = await completeRun(run, SETTINGS, {
    outputFolder: folder,
    checkpointEvery: 0,
    classifiers: true,
    signal: new AbortController().signal,
    onPhase: () => undefined,
    onStep: ({ phase, loss }) => void steps.push({ phase, loss }),
  });
  if (end.kind !== 'finished') throw new Error(end.kind);
  row = end.row;
  const provenance = { parameters: {}, inputs: [], times: startStopwatch(), counts: {}, versions: {} };
  await writeRunManifest(folder, run, SETTINGS, provenance);
});

afterAll(() => {
  rmSync(folder, { recursive: true });
});

const parameter = (name: string): Float32Array =>
  viewOf(run.state.parameters.floats, run.state.plan.layout, name);

describe('tables', () => {
  it('results.arrow is the row, whose accuracies are those of the predictions', async () => {
    expect(await readResults(folder)).toEqual(row);
    const accuracies = {
      'predictions-original-before': row.accuracyOriginalBefore,
      'predictions-original': row.accuracyOriginal,
      'predictions-shifted': row.accuracyShifted,
    };
    for (const [name, accuracy] of Object.entries(accuracies)) {
      const table = await readTable(join(folder, `${name}.arrow`), predictionsTable);
      const task = name.includes('shifted') ? TASKS.shifted : TASKS.original;
      const [labels, predicted, logits] = [
        table.column('label'),
        table.column('predicted'),
        table.column('logits'),
      ];
      expect(labels).toEqual(task.dev.label);
      expect(table.metadata.labels).toBe(JSON.stringify(task.labels));
      let right = 0;
      labels.forEach((label, text) => {
        const scores = logits.values.subarray(text * logits.size, (text + 1) * logits.size);
        expect(predicted[text]).toBe(scores.indexOf(Math.max(...scores)));
        if (predicted[text] === label) right++;
      });
      expect(right / labels.length).toBe(accuracy);
    }
    expect(row.reward).toBe((row.accuracyOriginal ?? 0) + (row.accuracyShifted ?? 0));
  });

  it('history.arrow has every step with its loss and the rate of every group', async () => {
    const history = await readTable(join(folder, 'history.arrow'), historyTable);
    expect(history.metadata.grouping).toBe(groupingToJson(SETTINGS.grouping));
    expect(history.column('phase')).toEqual(steps.map(({ phase }) => phase));
    expect(history.column('loss')).toEqual(Float32Array.from(steps, ({ loss }) => loss));
    const { offsets, values } = history.column('rates');
    history.column('step').forEach((step, at) => {
      // 6 and 4 steps, of which 1 warms up (a quarter, rounded down).
      const total = history.column('phase')[at] === 'original' ? 6 : 4;
      const factor = 0.5 * (1 + Math.cos((Math.PI * step) / total)) * Math.min(1, step);
      const rates = Array.from(values.subarray(offsets[at], offsets[at + 1]));
      expect(rates).toHaveLength(10);
      rates.forEach((rate, group) => {
        const base = SETTINGS.rates[group] ?? null;
        if (base === null) expect(rate).toBeNaN();
        else expect(rate).toBeCloseTo(base * factor, 12);
      });
    });
  });

  it('batches.arrow has the rows of every step, and history.arrow their tokens', async () => {
    const table = await readTable(join(folder, 'batches.arrow'), batchesTable);
    const { offsets, values } = table.column('rows');
    const rowsOf = (phase: number, count: number): number[] =>
      [0, 1].flatMap((epoch) => Array.from(epochOrder(SETTINGS.seed, phase, epoch, count)));
    expect(Array.from(values)).toEqual([...rowsOf(0, 10), ...rowsOf(1, 7)]);
    const history = await readTable(join(folder, 'history.arrow'), historyTable);
    history.column('tokens').forEach((tokens, at) => {
      const phase = PHASES.find((name) => name === table.column('phase')[at])!;
      const { offsets: lengths } = run.tasks[phase].train;
      const taken = values.subarray(offsets[at], offsets[at + 1]);
      expect(tokens).toBe(taken.reduce((sum, text) => sum + lengths[text + 1]! - lengths[text]!, 0));
    });
  });
});

it('nothing else is there, nor what a killed process was writing', () => {
  // Drift is measured where it is asked for.
  const declared = OUTPUTS.map(({ file }) => file.replace('/', '')).filter((file) => file !== 'drift.arrow');
  expect(readdirSync(folder).sort()).toEqual([...declared, 'manifest.json', CHECKPOINT_FILE].sort());
});

describe('weights', () => {
  it('encoder/ holds the trained weights, and rows of words that never occurred as they were', () => {
    const written = openEncoder(join(folder, 'encoder')).tensors;
    const source = openEncoder(BERT).tensors;
    const words = 'embeddings.word_embeddings.weight';
    for (const { name } of source.shapes) {
      if (name !== words) expect(written.readTensor(name), name).toEqual(parameter(name));
    }
    const { rowOf } = run.state.plan.vocabulary;
    const [before, after, trained] = [source.readTensor(words), written.readTensor(words), parameter(words)];
    const width = run.encoder.config.hiddenSize;
    const row = (table: Float32Array, at: number): Float32Array =>
      table.subarray(at * width, (at + 1) * width);
    rowOf.forEach((place, token) => {
      expect(row(after, token)).toEqual(place < 0 ? row(before, token) : row(trained, place));
    });
    expect(rowOf.some((place) => place < 0)).toBe(true);
    expect(after).not.toEqual(before);
  });

  it('both heads are there as they ended and as they began', () => {
    const [last, first] = ['heads', 'heads-initial'].map((name) =>
      openSafetensors(join(folder, `${name}.safetensors`)),
    );
    expect([...last!.tensors.keys()].sort()).toEqual(
      ['bias', 'weight'].flatMap((part) => PHASES.map((phase) => `head.${phase}.${part}`)).sort(),
    );
    for (const { name, data } of run.initialHeads) {
      expect(first!.readTensor(name)).toEqual(data);
      expect(last!.readTensor(name)).toEqual(parameter(name));
      expect(last!.readTensor(name)).not.toEqual(data);
    }
  });

  it('classifier folders hold encoder and head of a task, labels included', () => {
    for (const phase of PHASES) {
      const { head, tensors } = openEncoder(join(folder, `classifier-${phase}`));
      expect(head?.labels).toEqual(TASKS[phase].labels);
      for (const name of ['embeddings.LayerNorm.weight', 'encoder.layer.3.output.dense.weight']) {
        expect(tensors.readTensor(name)).toEqual(parameter(name));
      }
      // BERT's pooler stands between as 2^-16 times the identity, where tanh is straight; the dense layer
      // makes up for it.
      const pooler = head?.readTensor('pooler.dense.weight').filter((value) => value !== 0);
      expect(pooler).toEqual(new Float32Array(run.encoder.config.hiddenSize).fill(2 ** -16));
      const weight = head?.readTensor('classifier.weight').map((value) => value * 2 ** -16);
      expect(weight).toEqual(parameter(`head.${phase}.weight`));
      expect(head?.readTensor('classifier.bias')).toEqual(parameter(`head.${phase}.bias`));
    }
  });
});
