/**
 * Writes a finished study: its figures and the answers behind them as Arrow, its tables as Markdown, the
 * manifest last.
 */
import { join } from 'node:path';
import {
  removeManifest,
  writeCommandManifest,
  writeFileAtomically,
  writeRows,
  type Provenance,
  type RowOf,
} from '@layerwise/artifacts';
import { studyMarkdown } from './render.js';
import type { Study } from './study.js';
import { answersTable, studyTable } from './tables.js';

const FILES = ['study.arrow', 'answers.arrow', 'study.md'] as const;

/** What only the caller knows. */
export interface StudyProvenance extends Provenance {
  readonly fingerprint: string;
}

/** @throws InputError where the folder cannot be written */
export async function writeStudy(folder: string, study: Study, provenance: StudyProvenance): Promise<void> {
  const { seeds, bootstrap } = study;
  await removeManifest(folder);
  await writeRows(join(folder, 'study.arrow'), studyTable, studyRows(study), {
    level: String(bootstrap.level),
    resamples: String(bootstrap.resamples),
    seeds: seeds.join(','),
  });
  await writeRows(join(folder, 'answers.arrow'), answersTable, answerRows(study), {});
  await writeFileAtomically(join(folder, 'study.md'), studyMarkdown(study));
  const parameters = { ...provenance.parameters, seeds, bootstrap };
  await writeCommandManifest(folder, 'shift-study', FILES, bootstrap.seed, { ...provenance, parameters });
}

function studyRows({ tasks }: Study): RowOf<typeof studyTable>[] {
  return tasks.flatMap(({ name, pair, settings, figures }) =>
    figures.map(({ rows, ...figure }) => ({
      ...figure,
      task: name,
      kind: pair.kind,
      n: rows,
      trainRowsOriginal: pair.original.train.label.length,
      trainRowsShifted: pair.shifted.train.label.length,
      epochs: settings.epochs.original,
    })),
  );
}

function answerRows({ tasks }: Study): RowOf<typeof answersTable>[] {
  return tasks.flatMap(({ name: task, predictions }) =>
    predictions.flatMap(({ measure, part, seed, index, label, predicted }) =>
      Array.from(index, (number, row) => ({
        task,
        measure,
        part,
        seed,
        index: number,
        label: label[row]!,
        predicted: predicted[row]!,
      })),
    ),
  );
}
