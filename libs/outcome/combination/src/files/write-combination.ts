/**
 * Writes a distribution into a folder: combination.json, the figure as SVG and PNG, the snippets for Python,
 * and the manifest last, so that a folder with a manifest is complete.
 */
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import {
  combinationFile,
  removeManifest,
  whileWriting,
  writeCommandManifest,
  writeFileAtomically,
  writeJson,
  type Provenance,
} from '@layerwise/artifacts';
import { writeChart } from '@layerwise/charts';
import type { Distribution } from '../distribution/distribution.js';
import { distributionChart } from '../distribution/figure.js';
import { combinationJson } from './combination-json.js';
import { pytorchSnippet } from '../snippets/pytorch.js';
import { timmSnippet } from '../snippets/timm.js';
import { trainerSnippet } from '../snippets/trainer.js';
import { fitLayerDecay, type LayerDecay } from '../snippets/layer-decay.js';
import { ratesAtDepth } from '../snippets/rates-at-depth.js';

const FIGURE = 'distribution';
const TIMM = 'timm_layer_decay.py';

/** What only the caller knows. */
export interface CombinationProvenance extends Provenance {
  /** Depth of the encoder that the snippets are for; undefined: the trials' own. */
  readonly layers?: number;
  /** Of the encoder's parameters in the model that the snippets are for; undefined: Hugging Face's. */
  readonly prefix?: string;
}

export interface WrittenCombination {
  /** Names in the folder, without the manifest. */
  readonly files: readonly string[];
  /** What the snippet for timm applies; null where the groups are patterns, which have no decay. */
  readonly decay: LayerDecay | null;
}

/**
 * With the manifest of the command. @throws InputError where the folder is another stage's, and as
 * `writeCombinationFiles` does
 */
export async function writeCombination(
  folder: string,
  distribution: Distribution,
  { layers, prefix, ...provenance }: CombinationProvenance,
): Promise<WrittenCombination> {
  return whileWriting('combine', folder, async () => {
    await removeManifest(folder);
    const written = await writeCombinationFiles(folder, distribution, layers, prefix);
    const { seed } = distribution.settings.bootstrap;
    await writeCommandManifest(folder, 'combine', written.files, seed, provenance);
    return written;
  });
}

/**
 * Without a manifest, into a folder that exists.
 * @param layers depth of the encoder that the snippets are for; undefined: the trials' own
 * @param prefix of the encoder's parameters in the model that the snippets are for
 * @throws InputError where the folder cannot be written, and as `ratesAtDepth` does
 */
export async function writeCombinationFiles(
  folder: string,
  distribution: Distribution,
  layers: number | undefined,
  prefix?: string,
): Promise<WrittenCombination> {
  const grouped = ratesAtDepth(distribution, layers);
  const decay = fitLayerDecay(grouped);
  const texts: Record<string, string> = {
    'parameter_groups.py': pytorchSnippet(grouped, prefix),
    'huggingface_trainer.py': trainerSnippet(),
    ...(decay !== null && { [TIMM]: timmSnippet(decay) }),
  };
  const chart = distributionChart(distribution);
  // Of an earlier run with other groups.
  if (decay === null) await rm(join(folder, TIMM), { force: true });
  await writeJson(join(folder, combinationFile.name), combinationJson(distribution));
  for (const [file, text] of Object.entries(texts)) await writeFileAtomically(join(folder, file), text);
  await writeChart(chart, join(folder, FIGURE));
  const files = [combinationFile.name, ...Object.keys(texts), `${FIGURE}.svg`, `${FIGURE}.png`];
  return { files, decay };
}
