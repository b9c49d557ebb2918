/**
 * What a run's bits depend on, as one digest: a checkpoint is never continued under other settings or data.
 */
import { digestOf, digestOfFile, fingerprint } from '@layerwise/artifacts';
import type { EncoderFolder, TokenizedTexts } from '@layerwise/model';
import { methodIdentity } from '../methods/method.js';
import type { Settings } from '../settings.js';

/**
 * Raise it when the same settings and data give other results than before. Without warm-up it is 2, since the
 * factor of the first step was 0 there in version 1.
 */
function protocolVersion({ warmup }: Settings): number {
  return warmup === 0 ? 2 : 1;
}

interface LabelledTask {
  readonly name: string;
  readonly labels: readonly string[];
  readonly splits: readonly { readonly texts: TokenizedTexts; readonly labels: Int32Array }[];
}

/** Equal for runs that must come to the same bits on one machine. */
export async function runFingerprint(
  tasks: readonly LabelledTask[],
  encoder: EncoderFolder,
  settings: Settings,
): Promise<string> {
  const digests = tasks.map(({ name, labels, splits }) => {
    const parts = splits.flatMap(({ texts, labels: own }) => [texts.offsets, texts.ids, texts.types, own]);
    return { name, labels, rows: parts.map((part) => digestOf(part)) };
  });
  const { grouping, method, recompute: _, ...rest } = settings;
  return fingerprint({
    protocol: protocolVersion(settings),
    settings: {
      ...rest,
      grouping: grouping.fingerprint,
      ...(method && { method: methodIdentity(method) }),
    },
    tasks: digests,
    config: encoder.config.raw,
    encoder: await Promise.all(encoder.weightFiles.map((file) => digestOfFile(file))),
  });
}
