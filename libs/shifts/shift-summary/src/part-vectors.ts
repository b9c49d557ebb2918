/**
 * The vectors of a pair's parts: each part's rows in the embeddings of the task that it was taken from. Which
 * folder of embeddings belongs to which part is told by the digests of the texts, which both carry; the order
 * of folders is nothing.
 */
import { joinVectors, takeVectors, type Embeddings, type Vectors } from '@layerwise/artifacts';
import { InputError } from '@layerwise/errors';
import {
  PAIR_SPLITS,
  PARTS,
  perPart,
  perSplit,
  type Pair,
  type PartName,
  type PerPart,
  type PerSplit,
} from '@layerwise/pairs';
import type { Matrix } from './kernel.js';

/** Rows of one split of one part. */
export interface PartVectors {
  /** Vectors of all rows of the split that the part was taken from. */
  readonly source: Vectors;
  /** Which of them, ascending. */
  readonly rows: Int32Array;
}

/** A folder of embeddings that was read. */
export interface EmbeddingFolder {
  readonly folder: string;
  readonly embeddings: Embeddings;
}

/**
 * The vectors of both parts. `folders`: one folder for a cut of one task, two for two tasks, in any order.
 * Nothing is copied.
 * @throws InputError where a part has no embeddings or several, where some are of neither part, or where the
 * two are not by the same encoder and pooling
 */
export function vectorsOfParts(
  pair: Pair,
  folders: readonly EmbeddingFolder[],
): PerPart<PerSplit<PartVectors>> {
  const foreign = folders.find((one) => !PARTS.some((part) => isOf(one, pair, part)));
  if (foreign !== undefined)
    throw new InputError(
      `${foreign.folder} holds embeddings of ${foreign.embeddings.task} as no part of the pair has it: their texts are others than those of ${pair.original.name} and ${pair.shifted.name}; give embeddings of what the pair was made of`,
    );
  const ofPart = perPart((part) => onlyOne(pair, part, folders));
  const { original, shifted } = ofPart;
  const [a, b] = [describe(original), describe(shifted)];
  if (a !== b)
    throw new InputError(
      `${original.folder} holds vectors of ${a}, ${shifted.folder} of ${b}, which cannot be compared; embed both tasks with one encoder and one pooling`,
    );
  return perPart((part) => vectorsOfPart(pair, part, ofPart[part]));
}

/** The vectors at these positions of a part's rows: [positions, size]. */
export function gather({ source, rows }: PartVectors, positions: Int32Array): Matrix {
  const values = takeVectors(
    source,
    positions.map((position) => rows[position]!),
  );
  return { rows: positions.length, size: source.size, values };
}

/** The rows of one matrix, then those of the other. */
export function stack(first: Matrix, second: Matrix): Matrix {
  const values = joinVectors(first.values, second.values);
  return { rows: first.rows + second.rows, size: first.size, values };
}

function isOf({ embeddings }: EmbeddingFolder, { sources }: Pair, part: PartName): boolean {
  return PAIR_SPLITS.every((split) => embeddings.texts[split] === sources[part][split]);
}

function onlyOne(pair: Pair, part: PartName, folders: readonly EmbeddingFolder[]): EmbeddingFolder {
  const [first, second] = folders.filter((one) => isOf(one, pair, part));
  if (first === undefined)
    throw new InputError(
      `no embeddings of the texts of ${pair[part].name}, the ${part} part, were given, only ${folders.map(({ folder }) => folder).join(', ')}; embed what the part was taken from and name that folder as well`,
    );
  if (second !== undefined)
    throw new InputError(
      `both ${first.folder} and ${second.folder} hold embeddings of the texts of ${pair[part].name}; name one of them`,
    );
  return first;
}

function vectorsOfPart(
  pair: Pair,
  part: PartName,
  { folder, embeddings }: EmbeddingFolder,
): PerSplit<PartVectors> {
  return perSplit((split) => {
    const [source, rows] = [embeddings[split], pair.rows[part][split]];
    const last = rows.at(-1) ?? 0;
    if (last >= source.index.length)
      throw new InputError(
        `the ${part} part ${pair[part].name} has row ${last} of the ${split} split that it was taken from, but ${folder} holds ${source.index.length} rows; embed that task again`,
      );
    return { source, rows };
  });
}

function describe({ embeddings }: EmbeddingFolder): string {
  return `${embeddings.train.size} numbers by ${embeddings.encoder} (${embeddings.pooling})`;
}
