/**
 * Pictures as a whole: snapshots of one of each kind, the same bytes twice, nothing cut, odd data and odd
 * names.
 */
import { createHash } from 'node:crypto';
import { Resvg } from '@resvg/resvg-js';
import { describe, expect, it } from 'vitest';
import { barChart, histogramChart, lineChart, renderChart, scatterChart, type Chart } from '../src/index.js';
import { drawPng, pngFont } from '../src/png.js';
import { fonts } from '../src/style.js';
import { barData, charts, histogramData, lineData, scatterData } from './examples.js';
import { allTexts, parseSvg, withClass } from './parse-svg.js';

describe.each(Object.entries(charts))('a %s chart', (name, chart) => {
  it('is the picture that was looked at', async () => {
    const { svg } = await renderChart(chart);
    await expect(svg.replaceAll('<g', '\n<g')).toMatchFileSnapshot(`snapshots/${name}.svg`);
  });

  it('has the same bytes twice, others drawn in between', async () => {
    const first = await renderChart(chart);
    await renderChart(charts.line);
    const second = await renderChart(chart);
    expect(second.svg).toBe(first.svg);
    expect(digest(second.png)).toBe(digest(first.png));
  });

  it('has a PNG twice as large', async () => {
    const { svg, png } = await renderChart(chart);
    const { attributes } = parseSvg(svg);
    expect([...png.subarray(1, 4)]).toEqual([...Buffer.from('PNG')]);
    const header = new DataView(png.buffer, png.byteOffset);
    expect([header.getUint32(16), header.getUint32(20)]).toEqual(
      [attributes['width'], attributes['height']].map((length) => Math.round(2 * Number(length))),
    );
  });

  it('has title, description, titled axes and a legend with every name', async () => {
    const svg = parseSvg((await renderChart(chart)).svg);
    expect(svg.attributes['role']).toBe('img');
    expect(svg.children.slice(0, 2).map((child) => [child.name, child.text])).toEqual([
      ['title', chart.title],
      ['desc', chart.description],
    ]);
    expect(withClass(svg, 'role-title-text').flatMap(allTexts)).toEqual([chart.title]);
    expect(withClass(svg, 'role-axis-title').flatMap(allTexts)).toHaveLength(2);
    const names = withClass(svg, 'role-legend-label').flatMap(allTexts);
    expect(names.length).toBeGreaterThan(1);
    expect(new Set(names).size).toBe(names.length);
  });

  it('has letters of at least 11 pixels, full colours in the legend and no number of three decimals', async () => {
    const { svg } = await renderChart(chart);
    for (const [, size] of svg.matchAll(/font-size="([\d.]+)px"/g)) {
      expect(Number(size)).toBeGreaterThanOrEqual(11);
    }
    const symbols = withClass(parseSvg(svg), 'role-legend-symbol').flatMap(({ children }) => children);
    for (const { attributes } of symbols) {
      expect([attributes['opacity'] ?? '1', attributes['fill-opacity'] ?? '1']).toEqual(['1', '1']);
    }
    expect(svg).not.toMatch(/="[^"]*\d\.\d{3}/);
  });

  it('stays within its edges', async () => {
    expectInside((await renderChart(chart)).svg);
  });
});

const html = '<b>"R&D"</b> & d="1.23456"';
const long = 'a name that goes on and on, much longer than anyone would wish a name in a chart to be';
const wide = 'W'.repeat(24);
const names = [html, long, wide];

const odd: Record<string, Chart> = {
  'a scatter chart': scatterChart({ ...scatterData, title: html, categories: names, legendTitle: long }),
  'a histogram': histogramChart({
    title: long,
    subtitle: `${html} ${long} ${long}`,
    xTitle: html,
    series: names.map((name, i) => ({ name, values: [i, i + 1, 2.5] })),
    cut: { value: 2, label: html },
  }),
  bars: barChart({
    ...barData,
    title: html,
    groups: names,
    series: names.map((name) => ({ name, values: [1, 2, 3] })),
  }),
  'bars of groups whose words fit': barChart({ ...barData, groups: [html, 'the longer half', "it's \\"] }),
  lines: lineChart({ ...lineData, title: html, series: names.map((name) => ({ name, y: [1, 2, 3, 4] })) }),
};

describe.each(Object.entries(odd))('names with signs of HTML and long ones in %s', (_, chart) => {
  it('are shown as they are, none cut by an edge', async () => {
    const { svg } = await renderChart(chart);
    expect(svg).not.toContain('<b>');
    const words = allTexts(parseSvg(svg)).join(' ');
    expect(words).toMatch(/<b>"R&D"<\/b> & d="1\.23456"/);
    expectInside(svg);
  });
});

describe('little data', () => {
  const none = { xTitle: 'x', yTitle: 'y', legendTitle: 'z', title: 'Nothing' };
  const one = { ...none, title: 'One' };
  it.each<[string, Chart]>([
    ['no points', scatterChart({ ...none, x: [], y: [], category: [], categories: [] })],
    ['one point', scatterChart({ ...one, x: [3], y: [-1e-9], category: [0], categories: ['a'] })],
    ['no series', histogramChart({ ...none, series: [] })],
    ['empty series', histogramChart({ ...none, series: [{ name: 'a', values: [] }] })],
    ['one value', histogramChart({ ...one, series: [{ name: 'a', values: [0.1 + 0.2] }] })],
    ['no bars', barChart({ ...none, groups: [], series: [] })],
    ['bars of zero', barChart({ ...one, groups: ['g'], series: [{ name: 'a', values: [0] }] })],
    ['no lines', lineChart({ ...none, x: [], series: [] })],
    ['a line of one point', lineChart({ ...one, x: [5], series: [{ name: 'a', y: [0] }] })],
  ])('%s', async (_, chart) => {
    const { svg } = await renderChart(chart);
    expect(svg).not.toMatch(/NaN|Infinity|undefined/);
    expect(withClass(parseSvg(svg), 'role-axis-title')).toHaveLength(2);
    expectInside(svg);
  });
});

it('one series needs no legend', async () => {
  const chart = histogramChart({ ...histogramData, series: histogramData.series.slice(0, 1) });
  expect(withClass(parseSvg((await renderChart(chart)).svg), 'role-legend')).toEqual([]);
});

it('many lines of many points differ in their dashes instead of shapes', async () => {
  const x = Float64Array.from({ length: 60 }, (_, i) => i);
  const series = ['a', 'b', 'c'].map((name, k) => ({ name, y: x.map((value) => value * k) }));
  const svg = parseSvg((await renderChart(lineChart({ ...lineData, x, series }))).svg);
  const lines = withClass(svg, 'layer_2_marks').flatMap(({ children }) => children);
  expect(new Set(lines.map(({ attributes }) => attributes['stroke-dasharray'])).size).toBe(3);
  expect(withClass(svg, 'layer_3_marks')).toEqual([]);
});

it('32 categories all stand in the legend; of 80 the rarest share one entry', async () => {
  const legend = async (count: number): Promise<string[]> => {
    const category = Int32Array.from({ length: count * 2 }, (_, i) =>
      i < count ? i : Math.min(i - count, 50),
    );
    const categories = Array.from({ length: count }, (_, i) => `cluster ${i}`);
    const x = Float64Array.from(category);
    const chart = scatterChart({ ...scatterData, x, y: x, category, categories });
    const { svg } = await renderChart(chart);
    expectInside(svg);
    return withClass(parseSvg(svg), 'role-legend-label').flatMap(allTexts);
  };
  expect(await legend(32)).toHaveLength(32);
  const many = await legend(80);
  expect(many).toHaveLength(56);
  expect(many).toContain('25 others');
});

it('a PNG has its text on a system without fonts, also in families that are not there', async () => {
  const letter = (family: string): string =>
    `<svg xmlns="http://www.w3.org/2000/svg" width="20" height="20"><text y="15" font-family="${family}">x</text></svg>`;
  // A letter that is drawn has a bounding box.
  expect(new Resvg(letter(fonts), { font: { loadSystemFonts: false } }).getBBox()).toBeUndefined();
  expect(new Resvg(letter(fonts), { font: pngFont }).getBBox()?.width).toBeGreaterThan(5);
  expect(await drawPng(letter('Nowhere Sans'))).toEqual(await drawPng(letter('DejaVu Sans')));
});

function digest(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}

/** All ink lies inside of the picture, letters as resvg draws them included. */
function expectInside(svg: string): void {
  const { attributes } = parseSvg(svg);
  const withoutPaper = svg.replace(/<rect [^>]*fill="white"\/>/, '');
  expect(withoutPaper).not.toBe(svg);
  const { x, y, width, height } = new Resvg(withoutPaper, { font: pngFont }).innerBBox()!;
  expect(Math.min(x, y)).toBeGreaterThanOrEqual(0);
  expect(x + width).toBeLessThanOrEqual(Number(attributes['width']));
  expect(y + height).toBeLessThanOrEqual(Number(attributes['height']));
}
