/** The manifest of a finished run, of a pair as of a sequence. */
import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { currentVersions, digestOfFile, writeManifest } from '@layerwise/artifacts';

/** Where a run came from: what its manifest says beside the outputs. */
export interface Provenance {
  readonly parameters: Readonly<Record<string, unknown>>;
  readonly inputs: readonly { readonly name: string; readonly path?: string; readonly digest: string }[];
  readonly started: Date;
  readonly counts: Readonly<Record<string, number>>;
  /** Of the libraries that shaped the outputs. */
  readonly versions: Readonly<Record<string, string>>;
}

export interface FinishedRun {
  readonly stage: string;
  readonly fingerprint: string;
  readonly seed: number;
  /** What it left, by paths in its folder. */
  readonly files: readonly string[];
}

/** Declares `files` in `folder` complete. Written last: a folder with a manifest needs no run. */
export async function writeFinished(
  folder: string,
  { stage, fingerprint, seed, files }: FinishedRun,
  { parameters, inputs, started, counts, versions }: Provenance,
): Promise<void> {
  const outputs = files.map(async (file) => {
    const path = join(folder, file);
    return { file, digest: await digestOfFile(path), bytes: (await stat(path)).size };
  });
  await writeManifest(folder, {
    stage,
    stageVersion: 1,
    fingerprint,
    parameters: JSON.parse(JSON.stringify(parameters)) as Record<string, never>,
    seed,
    inputs: [...inputs],
    outputs: await Promise.all(outputs),
    versions: currentVersions(versions),
    started: started.toISOString(),
    durationSeconds: (Date.now() - started.getTime()) / 1000,
    counts: { ...counts },
  });
}
