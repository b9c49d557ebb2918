/**
 * An SVG as PNG, by resvg. Its text is drawn in fonts that a package carries: a slim container has none of
 * its own, and a picture without its words is worthless; with those of each system, pictures would differ
 * from machine to machine.
 */
import { createRequire } from 'node:module';

const { resolve } = createRequire(import.meta.url);

/** What resvg draws text with: DejaVu Sans, whatever family the text names. */
export const pngFont = {
  fontFiles: ['DejaVuSans', 'DejaVuSans-Bold'].map((name) => resolve(`dejavu-fonts-ttf/ttf/${name}.ttf`)),
  loadSystemFonts: false,
  defaultFontFamily: 'DejaVu Sans',
  sansSerifFamily: 'DejaVu Sans',
};

/** The PNG of `svg`, two pixels for each of its own. */
export async function drawPng(svg: string): Promise<Uint8Array> {
  const { renderAsync } = await import('@resvg/resvg-js');
  const image = await renderAsync(svg, { fitTo: { mode: 'zoom', value: 2 }, font: pngFont });
  return image.asPng();
}
