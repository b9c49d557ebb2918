/**
 * A chart as SVG (vega-lite compiles it, vega draws it, without a canvas) and as PNG of twice its size
 * (resvg). The libraries are loaded when the first picture is drawn, not when a stage that could draw one is
 * imported.
 */
import type { Chart } from './chart.js';
import { drawPng } from './png.js';
import { roundNumbers } from './round-numbers.js';
import { textWidth } from './text-width.js';

export interface Picture {
  readonly svg: string;
  /** Two pixels for each of the SVG's. */
  readonly png: Uint8Array;
}

/** Draws a chart: the same chart gives the same bytes. */
export async function renderChart(chart: Chart): Promise<Picture> {
  const svg = await renderSvg(chart);
  return { svg, png: await drawPng(svg) };
}

/** How vega measures text, and what it lets others replace; its types do not mention it. */
interface TextMetrics {
  width: (item: { fontSize?: number; fontWeight?: string; limit?: number }, text: unknown) => number;
}

/** Draws a chart as SVG alone, for pages: the same chart gives the same text. */
export async function renderSvg({ title, description, spec }: Chart): Promise<string> {
  const [{ compile }, vega] = await Promise.all([import('vega-lite'), import('vega')]);
  const { textMetrics } = vega as unknown as { textMetrics: TextMetrics };
  // Vega's own guess is 0.8 em a letter, or, where somebody installed a canvas, its fonts': other pictures
  // there.
  textMetrics.width = ({ fontSize = 11, fontWeight, limit }, text) => {
    const width = textWidth(typeof text === 'string' ? text : String(text), fontSize, fontWeight === 'bold');
    return limit === undefined || limit <= 0 ? width : Math.min(width, limit);
  };
  const view = new vega.View(vega.parse(compile(spec).spec), { renderer: 'none', logLevel: vega.Error });
  // The numbers of clip paths would run on from picture to picture.
  vega.resetSVGDefIds();
  try {
    return labelled(roundNumbers(await view.toSVG()), title, description);
  } finally {
    view.finalize();
  }
}

/** Tells screen readers what the picture is. */
function labelled(svg: string, title: string, description: string): string {
  const end = svg.indexOf('>');
  return `${svg.slice(0, end)} role="img"><title>${escaped(title)}</title><desc>${escaped(description)}</desc>${svg.slice(end + 1)}\n`;
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
