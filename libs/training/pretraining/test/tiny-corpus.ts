/**
 * A corpus of our own for tests: sentences in which each word says much of its neighbours, made by a small
 * grammar.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { uniformInt } from 'pure-rand/distribution/uniformInt';
import { mersenne } from 'pure-rand/generator/mersenne';
import { onTestFinished } from 'vitest';
import type { CorpusFile, NewEncoder, PretrainingSettings } from '../src/index.js';
import { plainSettings } from '../src/options.js';

const SCENES = [
  ['brown', 'river', 'carries', 'silt', 'slowly'],
  ['tall', 'heron', 'catches', 'fish', 'patiently'],
  ['old', 'miller', 'grinds', 'barley', 'daily'],
  ['young', 'baker', 'kneads', 'dough', 'early'],
  ['grey', 'wind', 'moves', 'clouds', 'quickly'],
  ['small', 'girl', 'gathers', 'berries', 'happily'],
];

/** One sentence a paragraph, each word of a scene of its own, so that hardly any occurs twice. */
export function mixedCorpus(paragraphs = 300): CorpusFile[] {
  const generator = mersenne(8);
  const word = (place: number): string => SCENES[uniformInt(generator, 0, SCENES.length - 1)]?.[place] ?? '';
  const lines = Array.from(
    { length: paragraphs },
    () => `The ${[0, 1, 2, 3, 4].map((place) => word(place)).join(' ')}.`,
  );
  return [{ path: 'mixed.txt', paragraphs: lines }];
}

/** Paragraphs of three sentences; within a sentence all words are of one scene. */
export function tinyCorpus(paragraphs = 300): CorpusFile[] {
  const generator = mersenne(7);
  const sentence = (): string => {
    const [adjective, noun, verb, object, how] = SCENES[uniformInt(generator, 0, SCENES.length - 1)] ?? [];
    return `The ${adjective ?? ''} ${noun ?? ''} ${verb ?? ''} ${object ?? ''} ${how ?? ''}.`;
  };
  const lines = Array.from({ length: paragraphs }, () => [sentence(), sentence(), sentence()].join(' '));
  return [{ path: 'tiny.txt', paragraphs: lines }];
}

export const tinySizes: NewEncoder = {
  layers: 1,
  hidden: 32,
  heads: 4,
  intermediate: 64,
  vocabulary: 120,
  positions: 32,
  initializerRange: 0.05,
  dropout: 0.1,
  seed: 1,
  neighbours: true,
};

export const tinySettings: PretrainingSettings = {
  ...plainSettings.parse({ length: 16, batch: 16, steps: 60, rate: 1e-2, schedule: 'linear', threads: 1 }),
  clipNorm: 1,
  heldOut: 0.1,
  evaluateEvery: 20,
  summarise: false,
  teaching: null,
};

/** A folder that is gone after the test. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'layerwise-pretraining-'));
  onTestFinished(() => {
    rmSync(folder, { recursive: true, force: true });
  });
  return folder;
}
