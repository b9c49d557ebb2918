/**
 * `layerwise pretrain` behind its options: reads the corpus, decides whether there is anything to do, shows
 * progress and writes the encoder with its curve and manifest. The training is `@layerwise/pretraining`.
 */
import { existsSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import {
  digestOfFile,
  findManifest,
  fingerprint,
  removeManifest,
  startStopwatch,
  whileWriting,
  writeCommandManifest,
  writeRows,
  type Manifest,
} from '@layerwise/artifacts';
import { writeChart } from '@layerwise/charts';
import { InputError } from '@layerwise/errors';
import { openEncoder, TOKENIZER_FILES } from '@layerwise/model';
import {
  curveChart,
  curveRows,
  curveTable,
  preparePretraining,
  pretrain,
  readCorpus,
  readCurve,
  refuseStill,
  removeCheckpoint,
  writeMaskedEncoder,
  type CorpusFile,
  type Curve,
  type PreparedPretraining,
  type PretrainEnd,
  type PretrainingSettings,
  type Start,
} from '@layerwise/pretraining';
import { plainSettings, sizesOf } from '@layerwise/pretraining/options';
import type { PretrainCommandOptions } from './options.js';
import { pretrainText } from './text.js';
import { interruptible } from '../../running/interrupt.js';
import { libraryVersions } from '../../running/library-versions.js';
import { processScreen } from '../../progress/meter.js';
import { pretrainingProgress } from '../../progress/pretraining.js';
import type { Outcome } from '../../running/run-command.js';
import { say } from '../../running/say.js';
import { dataCacheFolder } from '../../running/workspace.js';

const COMMAND = 'pretrain';
const CURVE = 'curve.arrow';
/** What a folder may hold at the end. */
const FILES = ['config.json', 'model.safetensors', ...TOKENIZER_FILES, CURVE, 'curve.svg', 'curve.png'];

export async function runPretrain(options: PretrainCommandOptions): Promise<Outcome> {
  const times = startStopwatch();
  const corpus = readCorpus(options.corpus);
  const start = startOf(options);
  const settings = settingsOf(options);
  refuseStill(settings);
  const inputs = await inputDigests(corpus, start, options.teacher);
  const identity = fingerprint({
    command: COMMAND,
    settings: { ...settings },
    start: start.kind === 'new' ? { ...start.sizes } : { from: true },
    half: options.half === true,
    inputs: inputs.map(({ name, digest }) => ({ name, digest })),
  });
  const folder = options.out ?? join(dataCacheFolder(), COMMAND, identity.slice(0, 12));
  const manifest = options.fresh === true ? null : await findManifest(folder);
  if (manifest?.fingerprint === identity) {
    // Killed between its manifest and this, a finished run leaves its checkpoint.
    await removeCheckpoint(folder);
    return outcomeOf(await readCurve(join(folder, CURVE)), folder, { reused: true });
  }
  if (manifest) {
    throw new InputError(
      `${folder} holds the results of a run with other settings or text; choose another --out, or add --fresh to replace them.`,
    );
  }
  return whileWriting(COMMAND, folder, async () => {
    if (options.fresh === true) await removeCheckpoint(folder);
    await removeManifest(folder);

    const { run, end } = await interruptible(async (signal) => {
      const prepared = await preparePretraining(
        corpus,
        start,
        settings,
        folder,
        teacherOf(options, folder, signal),
      );
      return { run: prepared, end: await withProgress(prepared, settings, options, folder, signal) };
    });
    if (end.kind === 'stopped') {
      throw new Error(
        `Stopped after step ${end.step}; the same command continues from the checkpoint in ${folder}.`,
      );
    }
    if (end.kind === 'diverged') {
      throw new Error(
        `Training diverged at step ${end.step}: the loss was no finite number. Choose a lower --rate.`,
      );
    }
    await writeMaskedEncoder(folder, run.state, { half: options.half === true });
    await writeRows(join(folder, CURVE), curveTable, curveRows(end.curve), {
      unigramEntropy: String(run.unigramEntropy),
    });
    await writeChart(curveChart(end.curve, run.unigramEntropy), join(folder, 'curve'));
    const files = FILES.filter((name) => existsSync(join(folder, name)));
    await writeCommandManifest(folder, COMMAND, files, options.seed, {
      parameters: { ...options },
      inputs,
      times,
      versions: libraryVersions(),
      fingerprint: identity,
    });
    await removeCheckpoint(folder);
    await rm(join(folder, TEACHER_CACHE), { recursive: true, force: true });
    return outcomeOf({ curve: end.curve, unigramEntropy: run.unigramEntropy }, folder, { reused: false });
  });
}

async function withProgress(
  run: PreparedPretraining,
  settings: PretrainingSettings,
  { checkpointEvery, json }: PretrainCommandOptions,
  outputFolder: string,
  signal: AbortSignal,
): Promise<PretrainEnd> {
  const progress = pretrainingProgress(processScreen(json === true), settings.steps);
  try {
    return await pretrain(run, settings, { outputFolder, checkpointEvery, signal, ...progress });
  } finally {
    progress.end();
  }
}

function startOf(options: PretrainCommandOptions): Start {
  const { from, seed, neighbours } = options;
  if (from !== undefined) return { kind: 'folder', encoder: openEncoder(from), seed };
  return { kind: 'new', sizes: { ...sizesOf(options), dropout: DROPOUT, seed, neighbours } };
}

/** Vectors of a teacher while they are made, and until the run is over. */
const TEACHER_CACHE = 'teacher-vectors';

function teacherOf(
  { teacher, json }: PretrainCommandOptions,
  folder: string,
  signal: AbortSignal,
): Parameters<typeof preparePretraining>[4] {
  if (teacher === undefined) return null;
  const progress = (line: string): void => {
    if (json !== true) say(line);
  };
  return { folder: teacher, cacheFolder: join(folder, TEACHER_CACHE), signal, progress };
}

function teachingOf(options: PretrainCommandOptions): PretrainingSettings['teaching'] {
  const { teacher, teacherPooling, teacherWeight, similarityWeight, summarise } = options;
  if (teacher === undefined) return null;
  if (summarise === true)
    throw new InputError('With --teacher, [CLS] learns a vector and no word; leave --summarise out.');
  return { teacher: teacherWeight, similarity: similarityWeight, pooling: teacherPooling ?? null };
}

/** What config.json says for those who fine-tune; pretraining itself drops nothing. */
const DROPOUT = 0.1;

function settingsOf(options: PretrainCommandOptions): PretrainingSettings {
  const { clipNorm, ...settings } = plainSettings.parse(options);
  return {
    ...settings,
    clipNorm: clipNorm === 0 ? null : clipNorm,
    summarise: options.summarise === true,
    teaching: teachingOf(options),
  };
}

async function inputDigests(
  corpus: readonly CorpusFile[],
  start: Start,
  teacher: string | undefined,
): Promise<Manifest['inputs']> {
  const texts = corpus.map(({ path }) => ({ name: 'corpus', path }));
  const weights = start.kind === 'new' ? [] : start.encoder.weightFiles;
  const taught = teacher === undefined ? [] : openEncoder(teacher).weightFiles;
  const all = [
    ...texts,
    ...weights.map((path) => ({ name: 'encoder', path })),
    ...taught.map((path) => ({ name: 'teacher', path })),
  ];
  return Promise.all(all.map(async ({ name, path }) => ({ name, path, digest: await digestOfFile(path) })));
}

function outcomeOf(
  { curve, unigramEntropy }: { readonly curve: Curve; readonly unigramEntropy: number },
  folder: string,
  { reused }: { readonly reused: boolean },
): Outcome {
  const last = (column: keyof Curve): number => curve[column].at(-1) ?? Number.NaN;
  const result = {
    steps: last('step'),
    tokens: last('tokens'),
    heldOutLoss: last('heldOutLoss'),
    heldOutAccuracy: last('heldOutAccuracy'),
    // JSON has no NaN.
    heldOutCosine: Number.isNaN(last('heldOutCosine')) ? null : last('heldOutCosine'),
    unigramEntropy,
    seconds: last('seconds'),
    tokensPerSecond: last('tokens') / last('seconds'),
    out: folder,
    reused,
  };
  return { text: pretrainText(result), json: result };
}
