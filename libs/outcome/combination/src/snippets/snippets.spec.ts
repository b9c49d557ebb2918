/**
 * What a distribution becomes: JSON, text, figure, Python. That the Python works is tested where it is run,
 * with the command.
 */
import { describe, expect, it } from 'vitest';
import { renderChart } from '@layerwise/charts';
import { fingerprinted, layerGrouping, paperGrouping, parseRates } from '@layerwise/optimizers';
import {
  combinationJson,
  distributionChart,
  distributionOf,
  distributionText,
  flatTrials,
  fitLayerDecay,
  pytorchSnippet,
  ratesAtDepth,
  ratesOption,
  timmSnippet,
  trainerSnippet,
  type PairTrials,
} from '../index.js';
import { pythonFloat, pythonString } from './python-text.js';

const grouping = layerGrouping(1);
const pair = (name: string, factor: number): PairTrials => ({
  pair: name,
  file: `${name}.arrow`,
  grouping,
  trials: [
    { number: 0, reward: 1.5, rates: [1e-5 * factor, 1e-5 * factor, 1e-5 * factor] },
    { number: 1, reward: 1.6, rates: [1e-6 * factor, 3e-6 * factor, 1e-4 * factor] },
  ],
});
const settings = {
  weights: 'best',
  numbers: {},
  leaveOneOut: true,
  bootstrap: { resamples: 50, seed: 1, level: 0.9 },
} as const;
const distribution = distributionOf([pair('a', 1), pair('b', 4)], settings);

it('JSON: rates, those of each pair, what finetune takes, and the rest', () => {
  const json = combinationJson(distribution);
  expect(Object.keys(json).slice(0, 2)).toEqual(['rates', 'perPair']);
  [2e-6, 6e-6, 2e-4].forEach((rate, i) => expect(json.rates[i]! / rate).toBeCloseTo(1, 12));
  expect(json.perPair['b']!.map((rate) => Number(rate.toPrecision(12)))).toEqual([4e-6, 1.2e-5, 4e-4]);
  expect(json.groups).toEqual(['embeddings', 'layer 0', 'head']);
  expect(parseRates(json.option, grouping)).toEqual(json.rates);
  expect(json.weights).toEqual({ name: 'best' });
  expect(Object.keys(json.leaveOneOut ?? {})).toEqual(['a', 'b']);
  expect((json.leaveOneOut?.['a']?.[0] ?? NaN) / 4e-6).toBeCloseTo(1, 12);
  expect(JSON.parse(JSON.stringify(json))).toEqual(json);
  expect(combinationJson({ ...distribution, leftOut: [] })).not.toHaveProperty('leaveOneOut');
});

it('the option of finetune has a word for each group, empty ones too', () => {
  const shallow = paperGrouping(4);
  const rates = [1e-6, 2e-6, 3e-6, 4e-6, 5e-6, 6e-6];
  const option = ratesOption({ grouping: shallow, rates });
  expect(parseRates(option, shallow).filter((rate) => rate !== null)).toEqual(rates);
});

it('flat trials with their places', () => {
  const trials = [
    { number: 0, reward: 1, rates: [1e-5, 1.00000001e-5] },
    { number: 1, reward: 3, rates: [1e-5, 2e-5] },
    { number: 2, reward: 2, rates: [3e-5, 3e-5] },
  ];
  expect(flatTrials(trials)).toEqual([
    { trial: 2, rate: 3e-5, reward: 2, place: 2 },
    { trial: 0, rate: 1e-5, reward: 1, place: 3 },
  ]);
});

it('text: a line a group and a pair', () => {
  const lines = distributionText(distribution).split('\n');
  expect(lines[0]).toBe('4 trials of 2 pairs, weights best');
  expect(lines.find((line) => line.includes('layer 0'))).toMatch(
    /^ 1 {2}layer 0 +6\.000e-6 +\S+e-6 +… \S+e-5/,
  );
  expect(lines).toContain('a  2 trials, the best reward 1.6000; flat 1.0e-5 is number 2 with 1.5000');
  expect(lines.at(-1)).toBe('without b  rates differ by a factor of up to 2.00');
});

it('the figure has a thick line for the combined rates, a thin one a pair, a band and 2e-5', async () => {
  const chart = distributionChart(distribution);
  const { svg } = await renderChart(chart);
  expect(chart.description).toContain('for combined, a, b, with a band and a line at 2e-5');
  const widths = [...svg.matchAll(/mark-line role-mark[^>]*><path [^>]*stroke-width="(\d)"/g)];
  expect(widths.map(([, width]) => width)).toEqual(['1', '1', '4']);
  for (const word of ['combined', '>a<', '>b<', '>2e-5, customary<', 'layer group (0: embeddings, 2: head)'])
    expect(svg).toContain(word);
});

describe('Python', () => {
  it('holds each group with its rate in full and its pattern', () => {
    const snippet = pytorchSnippet(ratesAtDepth(distribution));
    for (const rate of distribution.rates) expect(snippet).toContain(`, ${rate.toExponential()}, r"`);
    expect(snippet).toContain(String.raw`("layer 0", `);
    expect(snippet).toContain(String.raw`r"^encoder\.layer\.(?:0)\."),`);
    expect(snippet).toContain('a BERT of 1 layers');
    expect(snippet).toContain('raise ValueError');
    expect(trainerSnippet()).toContain('from parameter_groups import parameter_groups, print_rates');
  });

  it('states how far the decay misses', () => {
    const decay = fitLayerDecay(ratesAtDepth(distribution))!;
    const snippet = timmSnippet(decay);
    expect(snippet).toContain(`LAYER_DECAY = ${decay.decay}`);
    expect(snippet).toContain(`a factor of ${decay.misfit.typical.toFixed(2)} typically`);
  });

  it('has patterns of a user as expressions that Python reads', () => {
    const own = fingerprinted('patterns', [
      { name: 'say "all"', parts: [], patterns: ['encoder.*', '/bias$/'] },
    ]);
    const snippet = pytorchSnippet(ratesAtDepth({ grouping: own, rates: [1e-5] }));
    expect(snippet).toContain(String.raw`    ("say \"all\"", 1e-5, r"(?:^encoder\..*$)|(?:bias$)"),`);
    expect(snippet).toContain('of an encoder');
  });

  it('writes strings and numbers as Python has them', () => {
    expect(pythonString('plain')).toBe('"plain"');
    expect(pythonString('^a\\.b')).toBe('r"^a\\.b"');
    expect(pythonString('a"b')).toBe(String.raw`"a\"b"`);
    expect(pythonString('a\\')).toBe(String.raw`"a\\"`);
    expect(pythonString('a\nb')).toBe(String.raw`"a\nb"`);
    expect([2e-5, 0.0001, 0.95, 1.5].map(pythonFloat)).toEqual(['2e-5', '1e-4', '0.95', '1.5']);
  });
});

it('the prefix of the encoder in a model of its own may be given, with its dot or without', () => {
  const grouped = ratesAtDepth({ grouping: layerGrouping(1), rates: [1e-5, 2e-5, 3e-5] });
  for (const prefix of ['model.bert', 'model.bert.'])
    expect(pytorchSnippet(grouped, prefix)).toContain('    prefix = "model.bert"\n');
  expect(pytorchSnippet(grouped)).toContain('"base_model_prefix"');
});
