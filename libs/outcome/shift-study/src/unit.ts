/**
 * One unit of a study: one regime of one pair with one seed, a fine-tuning run in a folder of its own. It is
 * kept as `keepRun` says. The folder's name has the fingerprint, so that other settings never meet its files.
 */
import { join } from 'node:path';
import { predictionsTable, readTable } from '@layerwise/artifacts';
import { InputError } from '@layerwise/errors';
import { keepRun, prepareRun, type Phase, type ResultsRow, type Tokenize } from '@layerwise/finetune';
import type { EncoderFolder } from '@layerwise/model';
import type { Pair, PartName } from '@layerwise/pairs';
import type { PartPredictions } from './figures.js';
import { MODELS } from './measures.js';
import { partsShareHead, type Regime, type RegimeRun } from './regimes.js';

/** Names of a unit, for people and folders. */
export interface UnitName {
  /** The task (or pair of tasks) of the study. */
  readonly task: string;
  readonly regime: Regime;
  readonly seed: number;
}

/** What units of a study have in common. */
export interface UnitContext {
  readonly encoder: EncoderFolder;
  readonly tokenize: Tokenize;
  /** Where units' folders lie. */
  readonly unitsFolder: string;
  /** Steps between checkpoints. */
  readonly checkpointEvery: number;
  readonly signal: AbortSignal;
  /** Of the libraries that shape a run, for its manifest. */
  readonly versions: Readonly<Record<string, string>>;
}

/** How far a unit that is being trained is. */
export interface UnitProgress {
  /** Texts trained on so far, also by an earlier call. */
  readonly texts: number;
  /** Of the step just done; null at the beginning of a phase. */
  readonly loss: number | null;
}

export type UnitEnd =
  | { readonly kind: 'finished'; readonly folder: string; readonly row: ResultsRow; readonly reused: boolean }
  | { readonly kind: 'stopped' };

/**
 * Runs a unit, continues it, or finds it finished. @throws InputError where training diverged or the folder
 * cannot be written
 */
export async function runUnit(
  name: UnitName,
  { tasks, settings }: RegimeRun,
  context: UnitContext,
  onProgress: (progress: UnitProgress) => void,
): Promise<UnitEnd> {
  const { encoder, tokenize, unitsFolder, checkpointEvery, signal, versions } = context;
  const run = await prepareRun(tasks, encoder, tokenize, settings);
  const folder = join(unitsFolder, unitFolderName(name, run.fingerprint));
  let texts = 0;
  const end = await keepRun(run, settings, {
    outputFolder: folder,
    checkpointEvery,
    signal,
    parameters: { ...name, rates: settings.rates, epochs: settings.epochs },
    versions,
    onPhase: (phase, steps, done) => {
      const textsOf = (one: Phase): number => settings.epochs[one] * tasks[one].train.label.length;
      const before = phase === 'shifted' ? textsOf('original') : 0;
      texts = before + Math.round((textsOf(phase) * done) / steps);
      onProgress({ texts, loss: null });
    },
    onStep: ({ loss, texts: more }) => {
      texts += more;
      onProgress({ texts, loss });
    },
  });
  if (end.kind === 'stopped') return { kind: 'stopped' };
  const { row, reused } = end;
  if (row.status === 'diverged') {
    throw new InputError(
      `${describeUnit(name)} diverged at step ${row.divergedAtStep} of the phase on ${row.divergedIn === 'shifted' ? row.shifted : row.original}; ` +
        'lower --rates.',
    );
  }
  return { kind: 'finished', folder, row, reused };
}

/** A unit for people: `SST-2, sequential, seed 1`. */
export function describeUnit({ task, regime, seed }: UnitName): string {
  return `${task}, ${regime}, seed ${seed}`;
}

function unitFolderName({ task, regime, seed }: UnitName, print: string): string {
  return `${fileName(task)}-${regime}-seed${seed}-${print.slice(0, 12)}`;
}

/** A name without what file systems or shells take for something else. */
function fileName(name: string): string {
  return name.replace(/[^\p{L}\p{N}._-]+/gu, '-');
}

/** What the models of a finished unit said of each part that they can be asked about. */
export async function readUnitPredictions(
  folder: string,
  { regime, seed }: UnitName,
  pair: Pair,
): Promise<PartPredictions[]> {
  const found: PartPredictions[] = [];
  for (const { measure, head, file } of MODELS.filter((model) => model.regime === regime)) {
    const table = await readTable(join(folder, file), predictionsTable);
    const [index, label, predicted] = [
      table.column('index'),
      table.column('label'),
      table.column('predicted'),
    ];
    for (const { part, from, to } of rangesOf(pair, head)) {
      const of = (column: Int32Array): Int32Array => column.slice(from, to);
      found.push({ measure, part, seed, index: of(index), label: of(label), predicted: of(predicted) });
    }
  }
  return found;
}

/** Which dev rows of a run are whose (`regimes.ts`). */
function rangesOf(pair: Pair, head: Phase): readonly { part: PartName; from: number; to: number }[] {
  const [original, shifted] = [pair.original.dev.label.length, pair.shifted.dev.label.length];
  if (!partsShareHead(pair)) return [{ part: head, from: 0, to: pair[head].dev.label.length }];
  return [
    { part: 'original', from: 0, to: original },
    { part: 'shifted', from: original, to: original + shifted },
  ];
}
