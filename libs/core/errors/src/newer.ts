/** What a person is told of a file that a later version of layerwise wrote. */
import { InputError } from './input-error.js';
import { visible } from './visible.js';

/** @param place a file, or a line of one @param what it has that this version does not know */
export function newer(place: string, what: string): InputError {
  return new InputError(
    `${place} was written by a newer layerwise (${visible(what)}); update layerwise, or give a file that this version wrote.`,
  );
}

/**
 * Refuses a file whose format says a later version than `known`; one without a version is of the first. Comes
 * before anything else is judged: in a later version, anything may have another form.
 * @param format the name of the kind of file @param found its version, as the file has it
 */
export function refuseNewer(place: string, format: string, found: unknown, known: number): void {
  const version = typeof found === 'string' && /^\d+$/.test(found) ? Number(found) : found;
  if (typeof version === 'number' && version > known)
    throw newer(place, `${format} version ${version}, and this one reads up to ${known}`);
}

/** The version that JSON of a file says, if it says one: `"version": 2` among its keys. */
export function statedVersion(json: unknown): unknown {
  return typeof json === 'object' && json !== null && 'version' in json ? json.version : undefined;
}
