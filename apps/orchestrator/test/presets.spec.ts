/** Presets of several pairs, and what is refused with the nearest name. */
import { describe, expect, it } from 'vitest';
import { checkPreset } from '../src/stages/check-preset.js';
import { orderedEntries } from '../src/stages/entries.js';
import { nearestOf } from '../src/stages/nearest.js';
import { parsePreset } from '../src/stages/preset.js';

const TWO_GROUPS = `
pairs:
  searched:
    a-b: { original: /a, shifted: /b, originalDevSplit: matched }
    b-a: { original: /b, shifted: /a }
  unseen:
    a-c: { original: /a, shifted: /c }
search@searched:
  encoder: /encoder
combination:
  searches: search@searched
datasets@searched: &datasets
  trainLimit: 10
datasets@unseen: *datasets
dataset-shift@searched:
dataset-shift@unseen:
shift-summary@searched:
  pair: dataset-shift@searched
  embeddings: [embed@searched/x, embed, dataset-shift@unseen]
`;

describe('a preset of groups of pairs', () => {
  it('has an entry a pair, in which the group is its pair and elsewhere all of its pairs', async () => {
    expect(await parsePreset(TWO_GROUPS, 'p.yaml')).toEqual({
      'search@a-b': { encoder: '/encoder' },
      'search@b-a': { encoder: '/encoder' },
      combination: { searches: ['search@a-b', 'search@b-a'] },
      'datasets@a-b': { original: '/a', shifted: '/b', originalDevSplit: 'matched', trainLimit: 10 },
      'datasets@b-a': { original: '/b', shifted: '/a', trainLimit: 10 },
      'datasets@a-c': { original: '/a', shifted: '/c', trainLimit: 10 },
      'dataset-shift@a-b': {},
      'dataset-shift@b-a': {},
      'dataset-shift@a-c': {},
      'shift-summary@a-b': {
        pair: 'dataset-shift@a-b',
        embeddings: ['embed@a-b/x', 'embed', 'dataset-shift@a-c'],
      },
      'shift-summary@b-a': {
        pair: 'dataset-shift@b-a',
        embeddings: ['embed@b-a/x', 'embed', 'dataset-shift@a-c'],
      },
    });
  });

  it('is run stage by stage, whatever the order of its keys', async () => {
    const order = orderedEntries(await parsePreset(TWO_GROUPS, 'p.yaml')).map(({ name }) => name);
    expect(order.slice(0, 3)).toEqual(['datasets@a-b', 'datasets@b-a', 'datasets@a-c']);
    expect(order.slice(-3)).toEqual(['search@a-b', 'search@b-a', 'combination']);
  });

  it('may be cut down to some pairs', async () => {
    const some = await parsePreset(TWO_GROUPS, 'p.yaml', ['b-a', 'a-c']);
    expect(Object.keys(some)).toEqual([
      ...['search@b-a', 'combination', 'datasets@b-a', 'datasets@a-c'],
      ...['dataset-shift@b-a', 'dataset-shift@a-c', 'shift-summary@b-a'],
    ]);
    expect(some['combination']).toEqual({ searches: 'search@b-a' });
    expect(some['datasets@a-c']).toMatchObject({ shifted: '/c' });
  });

  it('leaves out what was to read pairs of which none is left, and words for it', async () => {
    const text = `${TWO_GROUPS}report: { from: [combination, search@searched, shift-summary@searched, embed] }`;
    const some = await parsePreset(text, 'p.yaml', ['a-c']);
    expect(Object.keys(some)).toEqual(['datasets@a-c', 'dataset-shift@a-c', 'report']);
    expect(some['report']).toEqual({ from: ['embed'] });
  });

  it.each([
    [TWO_GROUPS, ['a-d'], 'p.yaml has no pair "a-d" (did you mean a-b?); its pairs are a-b, b-a, a-c.'],
    ['pairs: { one: { two: 3 } }', undefined, 'p.yaml: pairs.one.two must be a group of pairs'],
    ['pairs: { one: { a: {} }, two: { a: {} } }', undefined, 'pairs has the name a twice'],
    ['datasets: {}', ['a'], 'p.yaml has no pair "a"; it has none.'],
    ['dataset: {}', undefined, 'which is no stage (did you mean datasets?)'],
  ])('refuses %#', async (text, only, sentence) => {
    await expect(parsePreset(text, 'p.yaml', only)).rejects.toThrow(sentence);
  });
});

describe('values', () => {
  it.each([
    [
      'search: { encoder: /e, trails: 3 }',
      'gives the stage search a parameter "trails" that it does not have (did you mean trials?)',
    ],
    ['search@x: { encoder: /e, trials: many }', 'p.yaml: search@x.trials is wrong: '],
    ['datasets: { original: $NO_SUCH_PLACE/a, shifted: /b }', 'the environment variable NO_SUCH_PLACE'],
  ])('are refused before anything is run: %s', async (text, sentence) => {
    await expect(checkPreset(await parsePreset(text, 'p.yaml'), 'p.yaml')).rejects.toThrow(sentence);
  });
});

it('the nearest name is that of fewest changes, and none where all are far', () => {
  expect(nearestOf('trainlimt', ['trials', 'trainLimit', 'batch'])).toBe('trainLimit');
  expect(nearestOf('xyz', ['trials', 'batch'])).toBeUndefined();
});
