/**
 * Draws a stage's pictures: from the outputs that lie in its folder, into `plots/` beside them, with a
 * manifest of their own. They are no outputs of the stage, so that a changed chart makes no stage run again.
 */
import { rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Stage } from './define-stage.js';
import { digestOfFile, filesBelow, fingerprint } from '../files/digest.js';
import { explained } from '../files/io-error.js';
import {
  currentVersions,
  findManifest,
  removeManifest,
  writeManifest,
  type OutputDigest,
} from './manifest.js';
import { whileWriting } from './folder-lock.js';
import { startStopwatch } from './stopwatch.js';

export const plotsName = 'plots';

/**
 * Draws all pictures of `stage` anew. Returns their paths in the output folder, or null where the stage has
 * no pictures or the folder no complete outputs.
 */
export async function drawPlots(
  stage: Stage,
  outputFolder: string,
  versions?: Readonly<Record<string, string>>,
): Promise<readonly string[] | null> {
  const source = await findManifest(outputFolder);
  if (stage.plots === undefined || source === null) return null;
  const plotsFolder = join(outputFolder, plotsName);
  const name = `${stage.name}-plots`;
  return whileWriting(name, plotsFolder, async () => {
    const times = startStopwatch();
    const before = (await findManifest(plotsFolder))?.outputs ?? [];
    await removeManifest(plotsFolder);
    for (const { file } of before) await rm(join(plotsFolder, file), { force: true });
    await stage.plots?.({ outputFolder, plotsFolder });

    const files = (await filesBelow(plotsFolder)).filter((file) => /\.(svg|png)$/.test(file));
    const outputs: OutputDigest[] = [];
    for (const file of files) {
      const path = join(plotsFolder, file);
      const { size } = await explained('read', path, () => stat(path));
      outputs.push({ file, digest: await digestOfFile(path), bytes: size });
    }
    const drawnFrom = source.outputs.map(({ file, digest }) => ({ file, digest }));
    await writeManifest(plotsFolder, {
      stage: name,
      stageVersion: stage.version,
      parameters: source.parameters,
      seed: source.seed,
      inputs: [{ name: stage.name, path: outputFolder, digest: fingerprint(drawnFrom) }],
      outputs,
      versions: currentVersions(versions),
      ...times(),
    });
    return files.map((file) => join(plotsName, file));
  });
}

/** Whether the pictures of a finished stage are missing. */
export async function lacksPlots(stage: Stage, outputFolder: string): Promise<boolean> {
  if (stage.plots === undefined) return false;
  return (await findManifest(join(outputFolder, plotsName))) === null;
}
