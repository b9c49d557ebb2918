/** What cannot be drawn is refused before anything is, in one sentence that names chart, series and row. */
import { InputError } from '@layerwise/errors';
import { describe, expect, it } from 'vitest';
import { barChart, histogramChart, lineChart, scatterChart } from '../src/index.js';
import { barData, histogramData, lineData, logLineData, scatterData } from './examples.js';

function refusal(draw: () => unknown): string {
  try {
    draw();
  } catch (error) {
    expect(error).toBeInstanceOf(InputError);
    const { message } = error as InputError;
    expect(message, 'one sentence on one line').not.toMatch(/\n|\.$/);
    return message;
  }
  throw new Error('the chart was made, but should have been refused');
}

describe.each([NaN, Infinity, -Infinity, 1e101])('%d', (bad) => {
  it('in a scatter chart', () => {
    const x = scatterData.x.with(3, bad);
    expect(refusal(() => scatterChart({ ...scatterData, x }))).toBe(
      `The chart "Projection of dev sentences" cannot be drawn: value 4 of x is ${bad}; give finite numbers up to 1e+100 only`,
    );
    expect(refusal(() => scatterChart({ ...scatterData, y: x }))).toContain('value 4 of y');
  });

  it('in a histogram, or as its cut', () => {
    const series = [...histogramData.series, { name: 'dev', values: [1, bad] }];
    expect(refusal(() => histogramChart({ ...histogramData, series }))).toContain(
      `value 2 of "dev" is ${bad}`,
    );
    const cut = { value: bad, label: 'cut' };
    expect(refusal(() => histogramChart({ ...histogramData, cut }))).toContain(`the cut is ${bad}`);
  });

  it('in bars and lines', () => {
    const values = [bad, 0, 0];
    expect(refusal(() => barChart({ ...barData, series: [{ name: 'a', values }] }))).toContain(
      'value 1 of "a"',
    );
    const series = [{ name: 'a', y: [0, 0, 0, bad] }];
    expect(refusal(() => lineChart({ ...lineData, series }))).toContain('value 4 of "a"');
    expect(refusal(() => lineChart({ ...lineData, x: [1, 2, bad, 4] }))).toContain('value 3 of x');
    expect(refusal(() => lineChart({ ...lineData, mark: { x: bad, label: '' } }))).toContain('the mark');
  });
});

it('columns of other lengths', () => {
  expect(refusal(() => scatterChart({ ...scatterData, y: [1, 2] }))).toContain(
    'y has 2 values where 6 are wanted; give one for each',
  );
  expect(refusal(() => scatterChart({ ...scatterData, category: [0] }))).toContain('category has 1 values');
  const short = [{ name: 'a', values: [1, 2, 3], interval: { low: [0, 1, 2], high: [2, 3] } }];
  expect(refusal(() => barChart({ ...barData, series: short }))).toContain('"a"');
  expect(refusal(() => barChart({ ...barData, groups: ['one'] }))).toContain(
    '"negative" has 3 values where 1',
  );
  expect(refusal(() => lineChart({ ...lineData, x: [1] }))).toContain('"train" has 4 values where 1');
});

it.each([3, -1, 0.5, NaN])('category %d of three', (bad) => {
  const category = [0, 0, bad, 1, 2, 2];
  expect(refusal(() => scatterChart({ ...scatterData, category }))).toContain(
    `point 3 is of category ${bad}, but there are 3 names`,
  );
});

it('two of one name', () => {
  const twice = [
    { name: 'a', values: [1, 2, 3], y: [1, 2, 3, 4] },
    { name: 'a', values: [1, 2, 3], y: [1, 2, 3, 4] },
  ];
  const sentence = 'two series are named "a"; give each a name of its own';
  expect(refusal(() => histogramChart({ ...histogramData, series: twice }))).toContain(sentence);
  expect(refusal(() => barChart({ ...barData, series: twice }))).toContain(sentence);
  expect(refusal(() => lineChart({ ...lineData, series: twice }))).toContain(sentence);
  expect(refusal(() => barChart({ ...barData, groups: ['x', 'y', 'x'] }))).toContain(
    'two groups are named "x"',
  );
  expect(refusal(() => scatterChart({ ...scatterData, categories: ['x', 'x', 'y'] }))).toContain(
    'two categories are named "x"',
  );
});

it('what a logarithmic axis cannot show, and a band that does not fit', () => {
  const { band, x } = logLineData;
  const series = [{ name: 'a', y: [1e-5, 0, 1e-5, 1e-5] }];
  expect(refusal(() => lineChart({ ...logLineData, series }))).toContain(
    'value 2 of "a" is 0, and a logarithmic axis takes numbers above 0',
  );
  expect(refusal(() => lineChart({ ...logLineData, band: { ...band, low: [1, 1, 1, -1] } }))).toContain(
    'value 4 of the band is -1',
  );
  expect(refusal(() => lineChart({ ...logLineData, level: { y: 0, label: '0' } }))).toContain(
    'the level is 0',
  );
  expect(refusal(() => lineChart({ ...logLineData, logY: false, level: { y: NaN, label: '' } }))).toContain(
    'NaN',
  );
  expect(refusal(() => lineChart({ ...logLineData, band: { ...band, high: x.slice(1) } }))).toContain(
    'the band has 3 values where 4 are wanted',
  );
});
