/**
 * The dropout masks of a batch: where they lie in flat memory, one after another, and how a session is fed
 * them.
 */
import type { Bindings } from '@layerwise/engine';
import type { DropoutSite, PackedBatch } from '@layerwise/model';

/**
 * Masks of one batch, one after another in `floats`; `fill` is called with each mask's place in the list of
 * sites.
 */
export function dropoutMasks(
  floats: Float32Array,
  sites: readonly DropoutSite[],
  packed: PackedBatch,
  fill: (mask: Float32Array, rate: number, place: number) => void,
): Bindings {
  let start = 0;
  return Object.fromEntries(
    sites.map((site, place) => {
      const mask = floats.subarray(start, start + siteLength(site, packed));
      start += roundUp(mask.length);
      fill(mask, site.rate, place);
      return [site.name, { data: mask, shape: siteShape(site, packed) }];
    }),
  );
}

/** Floats of the masks of the largest batch. */
export function maskFloatsOf(sites: readonly DropoutSite[], largest: Sizes): number {
  return sites.reduce((sum, site) => sum + roundUp(siteLength(site, largest)), 0);
}

type Sizes = Pick<PackedBatch, 'texts' | 'length' | 'tokens'>;

function siteShape({ shape }: DropoutSite, sizes: Sizes): number[] {
  return shape.map((size) => (typeof size === 'number' ? size : sizes[size as keyof Sizes]));
}

function siteLength(site: DropoutSite, sizes: Sizes): number {
  return siteShape(site, sizes).reduce((product, size) => product * size, 1);
}

/** Masks start at cache lines. */
function roundUp(floats: number): number {
  return Math.ceil(floats / 16) * 16;
}
