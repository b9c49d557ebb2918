/**
 * What a licence asks of those who use layerwise or pass it on. `docs/licences.md` says it at length; a
 * licence that stands nowhere here turns a test red, so that a new dependency is looked at.
 */

/** Notices are passed on with the package, which npm does; nothing else is asked. */
const NOTICE = new Set([
  ...['MIT', 'MIT/X11', 'ISC', 'BSD', 'BSD-2-Clause', 'BSD-3-Clause', 'Apache-2.0'],
  // These ask not even that.
  ...['0BSD', 'CC0-1.0', 'Unlicense', 'MIT-0'],
]);

const AS_IT_IS = 'It is unchanged, a package of its own that is loaded when it is needed.';

/** Licences, and packages whose licence has no name, that ask more. */
const MORE: Readonly<Record<string, string>> = {
  'LGPL-3.0-or-later': `${AS_IT_IS} Using layerwise and its results is free. Who passes layerwise on gives this licence and the source's address too, and leaves the package exchangeable: no bundle of one file.`,
  'MPL-2.0': `${AS_IT_IS} Using layerwise and its results is free. Who passes layerwise on says where the source is; changed files of this package, and no others, have to be published.`,
  'dejavu-fonts-ttf':
    'The licences of Bitstream Vera and Arev: fonts may be used, embedded and passed on with software; a changed font takes another name, and fonts are not sold alone.',
};

/** The parts of an SPDX expression; where one may choose, all choices are listed. */
function partsOf(licence: string): string[] {
  return licence.replaceAll(/[()]/g, '').split(/ (?:AND|OR) /);
}

interface Named {
  readonly name: string;
  readonly licence: string | null;
}

/** Whether passing on its notices is all that it asks. */
export function asksNotices({ licence }: Named): boolean {
  return licence !== null && partsOf(licence).every((part) => NOTICE.has(part));
}

/** What it asks beyond that, or null where nobody has looked at it. */
export function asksMore({ name, licence }: Named): string | null {
  return MORE[name] ?? (licence === null ? null : (MORE[licence] ?? null));
}
