/**
 * The three ways a pair is trained on, each as one run of `@layerwise/finetune`, from the same pretrained
 * encoder. Where e is the number of epochs, their steps are
 *
 *     sequential   e × D_o + e × D_s     D_o, then D_s, a head each: the paper's protocol
 *     alone        e × D_s               the second phase of `sequential` without the first: the same first
 *                                        head, batches and dropout masks
 *     mixed        e × (D_o + D_s)       the rows of both in one set, one head
 *
 * Rates, schedule (over each run's own phases), batch and seed are the same in all three.
 */
import type { Split, Task } from '@layerwise/artifacts';
import type { Phase, Settings } from '@layerwise/finetune';
import type { Pair } from '@layerwise/pairs';

export type Regime = 'sequential' | 'alone' | 'mixed';

/** What `prepareRun` takes for one regime. */
export interface RegimeRun {
  readonly regime: Regime;
  readonly tasks: Readonly<Record<Phase, Task>>;
  readonly settings: Settings;
  /** Texts that training sees, each counted once an epoch. */
  readonly texts: number;
}

/**
 * Whether a head of one part can be asked about the other: same labels, and both single sentences or both
 * pairs. Cuts of one task always share; then every run's dev split is that of both parts, D_o's rows before
 * D_s's (`devOfBoth`).
 */
export function partsShareHead({ original, shifted }: Pair): boolean {
  return (
    JSON.stringify(original.labels) === JSON.stringify(shifted.labels) &&
    (original.train.pair === null) === (shifted.train.pair === null)
  );
}

/** The runs of a pair; `mixed` needs one head for both parts and is missing where they cannot share one. */
export function regimeRuns(pair: Pair, settings: Settings): readonly RegimeRun[] {
  const shares = partsShareHead(pair);
  const dev = shares ? devOfBoth(pair) : null;
  const withDev = (task: Task): Task => (dev === null ? task : { ...task, dev });
  const tasks = { original: withDev(pair.original), shifted: withDev(pair.shifted) };
  const { epochs } = settings;
  const run = (regime: Regime, ofRun: RegimeRun['tasks'], phases: Settings['epochs']): RegimeRun => ({
    regime,
    tasks: ofRun,
    settings: { ...settings, epochs: phases },
    texts:
      phases.original * ofRun.original.train.label.length + phases.shifted * ofRun.shifted.train.label.length,
  });
  return [
    run('sequential', tasks, epochs),
    run('alone', tasks, { original: 0, shifted: epochs.shifted }),
    ...(shares
      ? [
          run(
            'mixed',
            { ...tasks, original: withDev(mixed(pair)) },
            { original: epochs.original, shifted: 0 },
          ),
        ]
      : []),
  ];
}

/** Both parts as one task. */
function mixed({ original, shifted }: Pair): Task {
  const { labels } = original;
  const train = concatenated(original.train, shifted.train);
  const dev = concatenated(original.dev, shifted.dev);
  return { name: `${original.name} and ${shifted.name}`, labels, train, dev };
}

/** The dev rows of D_o, then those of D_s. */
function devOfBoth({ original, shifted }: Pair): Split {
  return concatenated(original.dev, shifted.dev);
}

function concatenated(first: Split, second: Split): Split {
  return {
    index: Int32Array.from([...first.index, ...second.index]),
    text: [...first.text, ...second.text],
    pair: first.pair === null || second.pair === null ? null : [...first.pair, ...second.pair],
    label: Int32Array.from([...first.label, ...second.label]),
  };
}
