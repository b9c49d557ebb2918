/**
 * Layer groups: which tensors share a learning rate. The paper (Kenneweg et al., IDEAL 2022, section 3.1)
 * makes ten of them, its "choices": the embeddings, the encoder's layers in eight parts, the dense head.
 *
 * A grouping is plain data and stored with every set of rates, so that rates of two groupings are never
 * mixed. Groups of a user's file are made in pattern-groups.ts; which layer a tensor belongs to is the
 * architecture's business (`LayerOf`); tensors are put into groups in assignment.ts.
 */
import { createHash } from 'node:crypto';
import { InputError } from '@layerwise/errors';
import { parseJson } from '@layerwise/artifacts';
import { z } from 'zod';

/** A part of an encoder: a layer, counted from 0, or what lies before and after the layers. */
export type Part = number | 'embeddings' | 'head';

/** A group holds the tensors of its parts and those that a pattern matches; with neither it is empty. */
export interface LayerGroup {
  readonly name: string;
  readonly parts: readonly Part[];
  /** Globs, or regular expressions between slashes, on whole tensor names. */
  readonly patterns: readonly string[];
}

export interface Grouping {
  readonly name: 'paper' | 'paper-ceil' | 'layers' | 'patterns';
  readonly groups: readonly LayerGroup[];
  /** Equal where the groups hold the same, whatever they are called: rates may then be mixed. */
  readonly fingerprint: string;
}

/** Encoder parts of the paper's grouping. */
const PARTS = 8;

/**
 * The paper's ten groups for an encoder of `layers` layers: embeddings, eight parts, head. Part i = 1…8 holds
 * the layers round(1.5(i-1)·L/12) … round(1.5·i·L/12)-1, counted from 0, with `round` = floor as the paper
 * prints it (`paper`) or ceil as its authors' code had it (`paper-ceil`). A shallow encoder leaves some parts
 * empty.
 */
export function paperGrouping(layers: number, name: 'paper' | 'paper-ceil' = 'paper'): Grouping {
  const round = name === 'paper' ? Math.floor : Math.ceil;
  const parts = Array.from({ length: PARTS }, (_, i): LayerGroup => {
    // 1.5 · i · L / 12 = i · L / 8, without rounding on the way.
    const first = round((i * layers) / PARTS);
    const next = round(((i + 1) * layers) / PARTS);
    return { name: `part ${i + 1}`, parts: range(first, next), patterns: [] };
  });
  return fingerprinted(name, [embeddings, ...parts, head]);
}

/** One group a layer, between the embeddings and the head. */
export function layerGrouping(layers: number): Grouping {
  const single = range(0, layers).map((layer) => ({ name: `layer ${layer}`, parts: [layer], patterns: [] }));
  return fingerprinted('layers', [embeddings, ...single, head]);
}

/** True for a group that can hold no tensor: it has no rate and is left out of a search. */
export function isEmptyGroup(group: LayerGroup): boolean {
  return group.parts.length === 0 && group.patterns.length === 0;
}

/** Completes a grouping by its fingerprint. */
export function fingerprinted(name: Grouping['name'], groups: readonly LayerGroup[]): Grouping {
  const held = groups.map(({ parts, patterns }) => [parts, patterns]);
  const fingerprint = createHash('sha256').update(JSON.stringify(held)).digest('hex').slice(0, 16);
  return { name, groups, fingerprint };
}

/** @throws InputError unless rates of the two may be mixed. */
export function refuseMixedGroupings(one: Grouping, another: Grouping): void {
  if (one.fingerprint === another.fingerprint) return;
  throw new InputError(
    `Rates of two different groupings cannot be mixed: ${labelOf(one)} and ${labelOf(another)}; ` +
      'run again with the same --groups and an encoder of the same depth.',
  );
}

/** What an artifact stores: JSON that `groupingFromJson` reads back. */
export function groupingToJson(grouping: Grouping): string {
  return JSON.stringify(grouping);
}

/** @throws InputError, naming `where` (a file), for no grouping or one whose fingerprint is not its own. */
export function groupingFromJson(text: string, where: string): Grouping {
  const parsed = schema.safeParse(parseJson(text));
  if (!parsed.success) {
    throw new InputError(`The layer grouping stored in ${where} cannot be read; make the file again.`);
  }
  const { name, groups, fingerprint } = parsed.data;
  const grouping = fingerprinted(name, groups);
  if (grouping.fingerprint !== fingerprint) {
    throw new InputError(
      `The layer grouping stored in ${where} has the fingerprint ${grouping.fingerprint} and not ${fingerprint}, ` +
        'as it says: it was changed; make the file again.',
    );
  }
  return grouping;
}

const embeddings: LayerGroup = { name: 'embeddings', parts: ['embeddings'], patterns: [] };
const head: LayerGroup = { name: 'head', parts: ['head'], patterns: [] };

/** A grouping without its fingerprint, as files other than a stored grouping hold it. */
export const groupingSchema = z.object({
  name: z.enum(['paper', 'paper-ceil', 'layers', 'patterns']),
  groups: z.array(
    z.object({
      name: z.string(),
      parts: z.array(z.union([z.int().nonnegative(), z.enum(['embeddings', 'head'])])),
      patterns: z.array(z.string()),
    }),
  ),
});

const schema = groupingSchema.extend({ fingerprint: z.string() });

function labelOf({ name, groups, fingerprint }: Grouping): string {
  return `${name} (${groups.length} groups, ${fingerprint})`;
}

function range(from: number, to: number): number[] {
  return Array.from({ length: Math.max(0, to - from) }, (_, i) => from + i);
}
