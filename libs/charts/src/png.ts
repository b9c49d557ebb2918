/**
 * An SVG as PNG, by resvg. It draws text in the fonts of the system and leaves it out where there is none (as in
 * slim container images): that is looked for first and refused, as a chart without its words is worthless.
 */
import { InputError } from '@layerwise/errors';
import { fonts } from './style.js';

/** The PNG of `svg`, two pixels for each of its own. InputError where there is no font, or none may be used. */
export async function drawPng(svg: string, loadSystemFonts = true): Promise<Uint8Array> {
  const options = {
    fitTo: { mode: 'zoom', value: 2 },
    font: { loadSystemFonts, defaultFontFamily: 'DejaVu Sans', sansSerifFamily: 'DejaVu Sans' },
  } as const;
  const { Resvg, renderAsync } = await import('@resvg/resvg-js');
  // A letter that has been drawn has a bounding box.
  const letter = `<svg xmlns="http://www.w3.org/2000/svg" width="20" height="20"><text y="15" font-family="${fonts}">x</text></svg>`;
  if (new Resvg(letter, options).getBBox() === undefined) {
    throw new InputError(
      'Charts cannot be drawn as PNG: this system has no font for their text; install one, such as DejaVu Sans (fonts-dejavu-core on Debian, ttf-dejavu on Alpine)',
    );
  }
  const image = await renderAsync(svg, options);
  return image.asPng();
}
