/**
 * Weights that are not finite, as a training that diverged leaves them: an encoder with one says nothing of
 * any text, so it is refused as it is read, before a training or a search pays for it. Only the table of
 * words may hold such rows, as long as no text has their words.
 */
import { InputError } from '@layerwise/errors';
import type { EncoderConfig } from '../architectures/architecture.js';
import type { TensorSource } from './tensor-source.js';

/** The same source, whose reads throw InputError where a number is not finite, but in the table of words. */
export function finiteSource(source: TensorSource, { architecture }: EncoderConfig): TensorSource {
  const { words } = architecture.tables;
  const readInto = (name: string, target: Float32Array): void => {
    source.readInto(name, target);
    if (name === words) return;
    checkFinite(source.file, name, target);
  };
  const sizes = new Map(source.shapes.map(({ name, shape }) => [name, shape.reduce((a, b) => a * b, 1)]));
  return {
    file: source.file,
    shapes: source.shapes,
    readInto,
    readTensor: (name) => {
      const size = sizes.get(name);
      // Throws for the name.
      if (size === undefined) return source.readTensor(name);
      const target = new Float32Array(size);
      readInto(name, target);
      return target;
    },
  };
}

/** @throws InputError naming the first number of the tensor that is not finite */
export function checkFinite(file: string, name: string, values: Float32Array): void {
  const place = values.findIndex((value) => !Number.isFinite(value));
  if (place >= 0) throw notFinite(file, name, place, values[place]!);
}

function notFinite(file: string, name: string, place: number, value: number): InputError {
  return new InputError(
    `${file}: number ${place} of the tensor ${name} is ${value}; take weights of a training that did not diverge.`,
  );
}

/** The rows of a table [rows, width] that hold something else than finite numbers. */
export function rowsNotFinite(table: Float32Array, width: number): number[] {
  const rows: number[] = [];
  for (let row = 0; row * width < table.length; row++) {
    if (!table.subarray(row * width, (row + 1) * width).every((value) => Number.isFinite(value)))
      rows.push(row);
  }
  return rows;
}

/**
 * What has to be said of the rows of the table of words that are not finite.
 * @param isRead whether a text has this token
 * @returns a sentence on those that no text has, or none
 * @throws InputError for one that a text has
 */
export function checkWordRows(
  file: string,
  { architecture, embeddingSize }: EncoderConfig,
  table: Float32Array,
  isRead: (token: number) => boolean,
): readonly string[] {
  const width = embeddingSize;
  const rows = rowsNotFinite(table, width);
  if (rows.length === 0) return [];
  const { words } = architecture.tables;
  const read = rows.find(isRead);
  if (read !== undefined) {
    const place = table
      .subarray(read * width, (read + 1) * width)
      .findIndex((value) => !Number.isFinite(value));
    throw notFinite(file, words, read * width + place, table[read * width + place]!);
  }
  const some = rows.slice(0, LISTED).join(', ');
  const more = rows.length > LISTED ? ` and ${rows.length - LISTED} more` : '';
  return [
    `${file}: the tensor ${words} holds numbers that are not finite in the rows of tokens that no text has: ${some}${more}.`,
  ];
}

const LISTED = 12;

/** Reads all weights once. @throws InputError for a tensor, but for the table of words, that is not finite */
export function checkWeights({ shapes, readTensor }: TensorSource): void {
  for (const { name } of shapes) readTensor(name);
}
