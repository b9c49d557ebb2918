/**
 * How all charts look: a light grid, no frame, dark grey text of 12 px and more, title at the left. What is
 * not data is quiet, after E. R. Tufte, The Visual Display of Quantitative Information, 1983.
 */
import type { Config } from 'vega-lite';

/** The narrower fonts first: widths are estimated for DejaVu Sans, the widest (`text-width.ts`). */
export const fonts = 'Helvetica Neue, Helvetica, Arial, Liberation Sans, DejaVu Sans, sans-serif';

export const ink = { text: '#333333', quiet: '#595959', grid: '#e4e4e4', baseline: '#8c8c8c' } as const;

export const style: Config = {
  // One title and description per picture (`render.ts`), not one per mark.
  aria: false,
  background: 'white',
  font: fonts,
  padding: 16,
  view: { stroke: null },
  title: {
    anchor: 'start',
    frame: 'bounds',
    color: ink.text,
    fontSize: 16,
    fontWeight: 'bold',
    subtitleColor: ink.quiet,
    subtitleFontSize: 12,
    subtitlePadding: 6,
    offset: 16,
  },
  axis: {
    domain: false,
    ticks: false,
    gridColor: ink.grid,
    labelColor: ink.quiet,
    labelFontSize: 12,
    labelPadding: 6,
    titleColor: ink.text,
    titleFontSize: 12,
    titleFontWeight: 'normal',
    titlePadding: 10,
  },
  legend: {
    labelColor: ink.text,
    labelFontSize: 12,
    labelLimit: 260,
    titleColor: ink.text,
    titleFontSize: 12,
    titleFontWeight: 'bold',
    titleLimit: 260,
    rowPadding: 5,
  },
};
