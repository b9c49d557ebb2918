/**
 * How all charts look: a light grid, no frame, dark grey text of 12 px and more, title at the left. What is
 * not data is quiet, after E. R. Tufte, The Visual Display of Quantitative Information, 1983.
 */
import type { Config } from 'vega-lite';

/** The narrower fonts first: widths are estimated for DejaVu Sans, the widest (`text-width.ts`). */
export const fonts = 'Helvetica Neue, Helvetica, Arial, Liberation Sans, DejaVu Sans, sans-serif';

/** The letters that this lib measures itself. */
export const letters = { title: { fontSize: 16, bold: true }, small: { fontSize: 12 } } as const;

export const ink = { text: '#333333', quiet: '#595959', grid: '#e4e4e4', baseline: '#8c8c8c' } as const;

/** Longer names in a legend end in an ellipsis; pixels. */
export const legendLimit = 260;
export const legendGap = 18;

/** The x axis of charts whose values stand on a line. */
export const baseline = { grid: false, domain: true, domainColor: ink.baseline } as const;

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
    fontSize: letters.title.fontSize,
    fontWeight: 'bold',
    subtitleColor: ink.quiet,
    subtitleFontSize: letters.small.fontSize,
    subtitlePadding: 6,
    offset: 16,
  },
  axis: {
    domain: false,
    ticks: false,
    gridColor: ink.grid,
    labelColor: ink.quiet,
    labelFontSize: letters.small.fontSize,
    labelPadding: 6,
    titleColor: ink.text,
    titleFontSize: letters.small.fontSize,
    titleFontWeight: 'normal',
    titlePadding: 10,
  },
  legend: {
    labelColor: ink.text,
    labelFontSize: letters.small.fontSize,
    labelLimit: legendLimit,
    titleColor: ink.text,
    titleFontSize: letters.small.fontSize,
    titleFontWeight: 'bold',
    titleLimit: legendLimit,
    rowPadding: 5,
    // All of them: by default vega shows thirty.
    symbolLimit: 0,
    columnPadding: legendGap,
  },
};
