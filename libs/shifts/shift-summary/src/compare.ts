/**
 * What is measured of a pair: whether the vectors of its parts differ at all (`mmd.ts`, each split by
 * itself), and how well a linear classifier fitted to train rows tells rows apart that it has not seen
 * (`logistic.ts`, `separability.ts`).
 */
import { PARTS, perPart, type PairSplit, type PartName, type PerPart, type PerSplit } from '@layerwise/pairs';
import { medianDistance, rbfKernel, squaredDistances, type Matrix } from './kernel.js';
import { fitLogistic, scoresOf } from './logistic.js';
import { mmdTest, type MmdTest } from './mmd.js';
import { gather, stack, type PartVectors } from './part-vectors.js';
import { drawsFor, subsetOf, withoutSubset } from './random.js';
import { separability, type Separability } from './separability.js';
import { scaleOf, standardized } from './standardize.js';

export interface CompareOptions {
  readonly seed: number;
  /** Most rows of a sample, half of them of each part. */
  readonly rows: number;
  readonly permutations: number;
  /** Inverse strength of the classifier's penalty. */
  readonly c: number;
}

/** Of one split. */
export interface SampleTest extends MmdTest {
  /** Rows of each part in the sample. */
  readonly rowsOfPart: number;
  /** σ of the kernel. */
  readonly medianDistance: number;
}

/** What the classifier says of rows that it was not fitted to. */
export interface HeldOut extends Separability {
  /** Log odds of D_s, a number a row; a row is told to be of D_s where it is above 0. */
  readonly scores: PerPart<Float64Array>;
}

export interface ClassifierResult {
  /** Train rows of each part that the classifier was fitted to. */
  readonly fittedOfPart: number;
  /** `train`: a sample of the other train rows; `dev`: all dev rows, in their order. */
  readonly heldOut: PerSplit<HeldOut>;
}

/**
 * The two-sample test of one split, on a sample with as many rows of both parts: half of `rows`, or all that
 * the smaller part has.
 * @throws InputError where most vectors are equal
 */
export function testSplit(
  parts: PerPart<PerSplit<PartVectors>>,
  split: PairSplit,
  { seed, rows, permutations }: CompareOptions,
): SampleTest {
  const counts = PARTS.map((part) => parts[part][split].rows.length);
  const half = Math.min(Math.floor(rows / 2), ...counts);
  const drawn = (part: PartName): Matrix => {
    const vectors = parts[part][split];
    const draw = drawsFor(seed, `${split} ${part} sample`);
    return gather(vectors, subsetOf(draw, vectors.rows.length, half));
  };
  const squares = squaredDistances(stack(drawn('original'), drawn('shifted')));
  const sigma = medianDistance(squares);
  const deals = drawsFor(seed, `${split} deals`);
  const test = mmdTest(rbfKernel(squares, sigma), 2 * half, half, permutations, deals);
  return { ...test, rowsOfPart: half, medianDistance: sigma };
}

/**
 * Fits a classifier to as many train rows of both parts: half of `rows`, or four fifths of the smaller part.
 * Asks it about at most as many of the train rows that are left, and about all dev rows.
 */
export function classifyParts(
  parts: PerPart<PerSplit<PartVectors>>,
  { seed, rows, c }: CompareOptions,
): ClassifierResult {
  const counts = PARTS.map((part) => parts[part].train.rows.length);
  const half = Math.min(Math.floor(rows / 2), Math.floor((4 / 5) * Math.min(...counts)));
  const drawn = (part: PartName) => {
    const count = parts[part].train.rows.length;
    const fitted = subsetOf(drawsFor(seed, `classifier ${part}`), count, half);
    const rest = withoutSubset(count, fitted);
    const size = Math.min(Math.floor(rows / 2), rest.length);
    const heldOut = subsetOf(drawsFor(seed, `held out ${part}`), rest.length, size);
    return { fitted, heldOut: heldOut.map((place) => rest[place]!) };
  };
  const chosen = perPart(drawn);

  const sample = stack(
    gather(parts.original.train, chosen.original.fitted),
    gather(parts.shifted.train, chosen.shifted.fitted),
  );
  const scale = scaleOf(sample);
  const classes = new Uint8Array(2 * half).fill(1, half);
  const classifier = fitLogistic(standardized(sample, scale), classes, c);
  const ask = (rowsOf: (part: PartName) => Matrix): HeldOut => {
    const scores = (part: PartName) => scoresOf(standardized(rowsOf(part), scale), classifier);
    return judge(perPart(scores));
  };
  return {
    fittedOfPart: half,
    heldOut: {
      train: ask((part) => gather(parts[part].train, chosen[part].heldOut)),
      dev: ask((part) => gather(parts[part].dev, Int32Array.from(parts[part].dev.rows.keys()))),
    },
  };
}

function judge(scores: PerPart<Float64Array>): HeldOut {
  let [original, shifted] = [0, 0];
  for (const score of scores.original) if (score <= 0) original++;
  for (const score of scores.shifted) if (score > 0) shifted++;
  const measures = separability(
    { right: original, rows: scores.original.length },
    { right: shifted, rows: scores.shifted.length },
  );
  return { ...measures, scores };
}
