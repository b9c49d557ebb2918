/** A chart as pictures: SVG by vega without a canvas, PNG of twice the size by resvg. The same chart gives the same bytes. */
import { Resvg } from '@resvg/resvg-js';
import { View, parse, resetSVGDefIds } from 'vega';
import { compile } from 'vega-lite';
import type { Chart } from './chart.js';
import { roundNumbers } from './round-numbers.js';

export interface Picture {
  readonly svg: string;
  readonly png: Uint8Array;
}

/** Pixels of the PNG for one of the SVG. */
const ZOOM = 2;

/** Draws a chart. */
export async function renderChart(chart: Chart): Promise<Picture> {
  const svg = await renderSvg(chart);
  const image = new Resvg(svg, {
    fitTo: { mode: 'zoom', value: ZOOM },
    font: { loadSystemFonts: true, defaultFontFamily: 'DejaVu Sans' },
  });
  return { svg, png: image.render().asPng() };
}

async function renderSvg({ title, description, spec }: Chart): Promise<string> {
  const view = new View(parse(compile(spec).spec), { renderer: 'none' });
  // Numbers of clip paths run on through a process.
  resetSVGDefIds();
  const svg = await view.toSVG();
  view.finalize();
  const words = `<title>${escaped(title)}</title><desc>${escaped(description)}</desc>`;
  return `${roundNumbers(svg).replace(/^(<svg[^>]*)>/, (_, start: string) => `${start} role="img">${words}`)}\n`;
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
