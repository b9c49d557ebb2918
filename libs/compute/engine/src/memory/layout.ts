/**
 * Where each named tensor lies inside a region of flat memory. Parameters, gradients and every optimiser
 * state share one layout, so that an update is one pass over four regions at the same offsets.
 */

/** A tensor to be placed. `group` is the index of its layer group (the rate it trains at). */
export interface NamedShape {
  readonly name: string;
  readonly shape: readonly number[];
  readonly group: number;
}

export interface Place extends NamedShape {
  /** First float, counted from the start of the region. A multiple of 16. */
  readonly offset: number;
  /** Number of floats: the product of the shape. */
  readonly length: number;
}

export interface Layout {
  readonly places: readonly Place[];
  readonly byName: ReadonlyMap<string, Place>;
  /** Floats of the whole region, gaps included (gaps hold zeros for ever). */
  readonly length: number;
}

const ALIGNMENT_FLOATS = 16;

/** Places tensors one after another in the given order; names must be unique. */
export function layOut(tensors: readonly NamedShape[]): Layout {
  const places: Place[] = [];
  let offset = 0;
  for (const tensor of tensors) {
    const length = tensor.shape.reduce((product, size) => product * size, 1);
    places.push({ ...tensor, offset, length });
    offset += Math.ceil(length / ALIGNMENT_FLOATS) * ALIGNMENT_FLOATS;
  }
  const byName = new Map(places.map((place) => [place.name, place]));
  if (byName.size !== places.length) throw new RangeError('two tensors of a layout have the same name');
  return { places, byName, length: offset };
}

/** The floats of one tensor within a region laid out by `layout`. @throws RangeError for an unknown name. */
export function viewOf(region: Float32Array, layout: Layout, name: string): Float32Array {
  const place = layout.byName.get(name);
  if (!place) throw new RangeError(`no tensor named ${name} in the layout`);
  return region.subarray(place.offset, place.offset + place.length);
}
