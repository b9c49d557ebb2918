/** Marks stand where the data says, in the units of the axes as a reader would tell them from the ticks. */
import { expect, it } from 'vitest';
import { barChart, histogramChart, renderChart, scatterChart, type Chart } from '../src/index.js';
import {
  barData,
  charts,
  histogramData,
  intervalBarData,
  lineData,
  logLineData,
  scatterData,
} from './examples.js';
import {
  cornersOf,
  labelDrop,
  parseSvg,
  placeOf,
  rectangleOf,
  unitsOf,
  withClass,
  type Element,
} from './parse-svg.js';

const drawn = async (chart: Chart): Promise<Element> => parseSvg((await renderChart(chart)).svg);

const marks = (svg: Element, name: string): Element[] =>
  withClass(svg, name).flatMap(({ children }) => children);

it('points of a scatter chart', async () => {
  const svg = await drawn(charts.scatter);
  const [x, y] = [unitsOf(svg, 0), unitsOf(svg, 1)];
  const points = marks(svg, 'layer_0_marks').map(placeOf);
  expect(points).toHaveLength(6);
  points.forEach(([px, py], i) => {
    expect(x(px)).toBeCloseTo(scatterData.x[i]!, 2);
    expect(y(py)).toBeCloseTo(scatterData.y[i]!, 2);
    // No mark is cut by the edge of the plot.
    for (const pixel of [px, py]) expect(Math.abs(pixel - 220)).toBeLessThan(210);
  });
});

it('points of one category have its colour and its shape, others have others', async () => {
  const points = marks(await drawn(charts.scatter), 'layer_0_marks');
  const looks = points.map(({ attributes: { fill, d } }) => `${fill} ${d}`);
  scatterData.category.forEach((a, i) =>
    scatterData.category.forEach((b, j) => expect(looks[i] === looks[j]).toBe(a === b)),
  );
  expect(new Set(points.map(({ attributes }) => attributes['d'])).size).toBe(3);
});

it('one unit is as long on both axes of a scatter chart where that is wanted', async () => {
  const lengths = async (sameScale: boolean): Promise<number[]> => {
    const svg = await drawn(scatterChart({ ...scatterData, sameScale }));
    return ([0, 1] as const).map((axis) => Math.abs(unitsOf(svg, axis)(100) - unitsOf(svg, axis)(0)));
  };
  const [x, y] = await lengths(true);
  expect(x).toBeCloseTo(y!, 5);
  const [freeX, freeY] = await lengths(false);
  // The data spans 23.5 by 13.5.
  expect(freeX! / freeY!).toBeCloseTo(23.5 / 13.5, 2);
});

it('steps of a histogram: the share below each height is what counting by hand gives', async () => {
  const svg = await drawn(charts.histogram);
  const [x, y] = [unitsOf(svg, 0), unitsOf(svg, 1)];
  const outlines = marks(svg, 'layer_1_marks').map((path) =>
    cornersOf(path).map(([px, py]) => [x(px), y(py)] as const),
  );
  const heightAt = (outline: (typeof outlines)[number], value: number): number =>
    outline.findLast(([at]) => at <= value)![1];
  histogramData.series.forEach(({ values }, s) => {
    for (let length = 2; length <= 21; length++) {
      const outline = outlines[s]!;
      const inside = length > outline[0]![0] && length < outline.at(-1)![0];
      const count = values.filter((value) => value === length).length;
      expect(inside ? heightAt(outline, length) : 0, `${length} words`).toBeCloseTo(count, 2);
    }
  });
  // The tints are what the outlines enclose.
  const tints = marks(svg, 'layer_0_marks').map((path) => new Set(cornersOf(path).map(String)));
  marks(svg, 'layer_1_marks').forEach((path, s) =>
    cornersOf(path).forEach((corner) => expect(tints[s]).toContain(String(corner))),
  );
});

it('the cut of a histogram stands between the parts, on the edge of a bar', async () => {
  const svg = await drawn(charts.histogram);
  const [rule] = marks(svg, 'layer_2_marks');
  expect(unitsOf(svg, 0)(placeOf(rule!)[0])).toBeCloseTo(7.5, 2);
  const edges = cornersOf(marks(svg, 'layer_1_marks')[1]!).map(([px]) => px);
  expect(edges).toContain(placeOf(rule!)[0]);
});

it('a cut outside of the values is inside of the picture, its label on the side of the values', async () => {
  const at = async (value: number): Promise<{ at: number; anchor?: string }> => {
    const svg = await drawn(histogramChart({ ...histogramData, cut: { value, label: 'cut' } }));
    const [label] = marks(svg, 'layer_3_marks');
    const anchor = label!.attributes['text-anchor'];
    return { at: placeOf(marks(svg, 'layer_2_marks')[0]!)[0], ...(anchor !== undefined && { anchor }) };
  };
  expect(await at(40.5)).toEqual({ at: 560, anchor: 'end' });
  expect(await at(-10.5)).toEqual({ at: 0, anchor: 'start' });
});

it('heights of bars, side by side above their group', async () => {
  const svg = await drawn(charts.bar);
  const y = unitsOf(svg, 1);
  const bars = marks(svg, 'layer_0_marks').map(rectangleOf);
  const wanted = barData.series.flatMap(({ values }) => [...values]);
  bars.forEach((bar, i) => {
    expect(y(bar.y)).toBeCloseTo(wanted[i]!, 3);
    expect(y(bar.y + bar.height)).toBeCloseTo(0, 3);
  });
  const groups = withClass(svg, 'role-axis-label')[0]!.children.map((label) => placeOf(label)[0]);
  groups.forEach((middle, g) => {
    const [negative, positive] = [bars[g]!, bars[g + groups.length]!];
    expect(negative.x + negative.width).toBeLessThan(positive.x);
    // Axes are moved by half a pixel, for sharp lines.
    expect((negative.x + positive.x + positive.width) / 2).toBeCloseTo(middle + 0.5, 1);
  });
});

it('a bar bears its number, below zero with a minus underneath', async () => {
  const series = [{ name: 'change', values: [-3.14159, 67349, 0.000012345] }];
  const svg = await drawn(barChart({ ...barData, series }));
  const numbers = [...marks(svg, 'layer_1_marks'), ...marks(svg, 'layer_2_marks')];
  expect(numbers.map(({ text }) => text)).toEqual(['67,349', '0.0000123', '−3.14']);
  const bars = marks(svg, 'layer_0_marks').map(rectangleOf);
  expect(placeOf(numbers[2]!)[1]).toBeGreaterThan(bars[0]!.y + bars[0]!.height);
  expect(placeOf(numbers[0]!)[1]).toBeLessThan(bars[1]!.y);
});

it('an interval is a line over the middle of its bar, in place of the number', async () => {
  const svg = await drawn(charts['interval-bar']);
  const y = unitsOf(svg, 1);
  const bars = marks(svg, 'layer_0_marks').map(rectangleOf);
  const ends = intervalBarData.series.flatMap(({ interval: { low, high } }) =>
    low.map((one, i) => [one, high[i]!] as const),
  );
  const rules = marks(svg, 'layer_1_marks');
  expect(rules).toHaveLength(bars.length);
  rules.forEach((rule, i) => {
    const [x, from] = placeOf(rule);
    const to = from + Number(rule.attributes['y2']);
    expect([y(from), y(to)].sort()).toEqual(ends[i]!.map((end) => expect.closeTo(end, 2) as number));
    expect(x).toBeCloseTo(bars[i]!.x + bars[i]!.width / 2, 0);
  });
  expect(withClass(svg, 'layer_2_marks')).toEqual([]);
});

it('corners of lines, with a point at each', async () => {
  const svg = await drawn(charts.line);
  const [x, y] = [unitsOf(svg, 0), unitsOf(svg, 1)];
  // The rule and its label are the first two layers.
  const lines = marks(svg, 'layer_2_marks').map(cornersOf);
  lineData.series.forEach((series, s) =>
    lines[s]!.forEach(([px, py], i) => {
      expect(x(px)).toBeCloseTo(lineData.x[i]!, 2);
      expect(y(py)).toBeCloseTo(series.y[i]!, 3);
    }),
  );
  expect(marks(svg, 'layer_3_marks').map(placeOf)).toEqual(lines.flat());
  expect(x(placeOf(marks(svg, 'layer_0_marks')[0]!)[0])).toBeCloseTo(2, 2);
});

it('lines, band and level of a logarithmic chart', async () => {
  const svg = await drawn(charts['log-line']);
  const ticks = withClass(svg, 'role-axis-label')[1]!.children;
  expect(ticks.map(({ text }) => text)).toEqual(['1e-7', '1e-6', '1e-5', '1e-4', '1e-3']);
  // Told from two of the ticks: a decade is as long everywhere.
  const [at7 = NaN, at3 = NaN] = [ticks[0]!, ticks[4]!].map((tick) => placeOf(tick)[1] - labelDrop);
  const rate = (y: number): number => 10 ** (-7 + (4 * (y - at7)) / (at3 - at7));
  const places = (layer: string): number[][] =>
    marks(svg, layer).map((path) => cornersOf(path).map(([, y]) => rate(y)));

  const close = (found: readonly number[], wanted: readonly number[]): void => {
    expect(found).toHaveLength(wanted.length);
    found.forEach((value, i) => expect(value / wanted[i]!).toBeCloseTo(1, 2));
  };
  const lines = [...places('layer_3_marks'), ...places('layer_4_marks')];
  logLineData.series.forEach(({ y }, s) => close(lines[s]!, y));
  const widths = [...marks(svg, 'layer_3_marks'), ...marks(svg, 'layer_4_marks')];
  expect(widths.map(({ attributes }) => attributes['stroke-width'])).toEqual(['1', '1', '4']);
  const { low, high } = logLineData.band;
  close(places('layer_0_marks')[0]!, [...low, ...[...high].reverse()]);
  // The band has the colour of the series that it belongs to.
  const colour = (layer: string, what: string): unknown => marks(svg, layer)[0]!.attributes[what];
  expect(colour('layer_0_marks', 'fill')).toBe(colour('layer_4_marks', 'stroke'));
  close([rate(placeOf(marks(svg, 'layer_1_marks')[0]!)[1])], [2e-5]);
});
