// The groupings by hand, and against the groups of the reference fixtures where ../shared is there.
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import { describe, expect, it } from 'vitest';

import { assignGroups, describeGroups } from './assignment.js';
import {
  groupingFromJson,
  groupingToJson,
  isEmptyGroup,
  layerGrouping,
  paperGrouping,
  refuseMixedGroupings,
} from './layer-groups.js';
import { layerOfBert, layerOfPatterns } from '../test/layer-of-patterns.js';
import type { LayerOf } from './assignment.js';
import { parseRates } from './rates.js';

const shared = process.env.LAYERWISE_SHARED ?? join(import.meta.dirname, '../../../../../shared');

/** The layers of the eight parts, "0 1|2||…". */
function parts(layers: number, name: 'paper' | 'paper-ceil'): string {
  const { groups } = paperGrouping(layers, name);
  expect(groups.map((group) => group.name)).toEqual([
    'embeddings',
    ...[1, 2, 3, 4, 5, 6, 7, 8].map((i) => `part ${i}`),
    'head',
  ]);
  expect([groups[0]?.parts, groups[9]?.parts]).toEqual([['embeddings'], ['head']]);
  return groups
    .slice(1, 9)
    .map((group) => group.parts.join(' '))
    .join('|');
}

const bertNames = (layers: number): string[] => [
  'embeddings.word_embeddings.weight',
  'embeddings.LayerNorm.bias',
  ...Array.from({ length: layers }, (_, i) => `encoder.layer.${i}.attention.self.query.weight`),
  'head.original.weight',
  'head.shifted.bias',
];

describe("the paper's grouping", () => {
  it.each([
    // The paper, counted from 1: {1}, {2,3}, {4}, {5,6}, {7}, {8,9}, {10}, {11,12}; its authors' code: {1,2},
    // {3}, …
    [12, '0|1 2|3|4 5|6|7 8|9|10 11', '0 1|2|3 4|5|6 7|8|9 10|11'],
    [
      24,
      '0 1 2|3 4 5|6 7 8|9 10 11|12 13 14|15 16 17|18 19 20|21 22 23',
      '0 1 2|3 4 5|6 7 8|9 10 11|12 13 14|15 16 17|18 19 20|21 22 23',
    ],
    [6, '|0|1|2||3|4|5', '0|1|2||3|4|5|'],
    [4, '|0||1||2||3', '0||1||2||3|'],
    [2, '|||0||||1', '0||||1|||'],
    [1, '|||||||0', '0|||||||'],
  ])('of %i layers', (layers, paper, ceil) => {
    expect(parts(layers, 'paper')).toBe(paper);
    expect(parts(layers, 'paper-ceil')).toBe(ceil);
  });

  it('holds every layer once, in order, whatever the depth', () => {
    for (let layers = 1; layers <= 100; layers++) {
      for (const name of ['paper', 'paper-ceil'] as const) {
        const held = paperGrouping(layers, name)
          .groups.slice(1, 9)
          .flatMap((group) => group.parts);
        expect(held).toEqual(Array.from({ length: layers }, (_, i) => i));
      }
    }
  });

  const architectures: [string, string, LayerOf][] = [
    ['bert', 'bert.', layerOfBert],
    ['roberta', 'roberta.', layerOfBert],
    [
      'distilbert',
      'distilbert.',
      layerOfPatterns({
        embeddings: /^embeddings\./,
        layer: /^transformer\.layer\.(\d+)\./,
        head: /^(pre_)?classifier\./,
      }),
    ],
    [
      'electra',
      'electra.',
      layerOfPatterns({
        embeddings: /^embeddings(_project)?\./,
        layer: /^encoder\.layer\.(\d+)\./,
        head: /^classifier\./,
      }),
    ],
    [
      'gpt2',
      'transformer.',
      layerOfPatterns({ embeddings: /^w[tp]e\./, layer: /^h\.(\d+)\./, head: /^(ln_f|score)\./ }),
    ],
  ];
  it.skipIf(!existsSync(shared)).each(architectures)(
    'puts every tensor of %s where the reference has it (skipped without ../shared)',
    (architecture, prefix, layerOf) => {
      const folder = join(shared, 'fixtures', architecture);
      const { group_of_parameter: groups } = JSON.parse(
        readFileSync(join(folder, 'expected.json'), 'utf8'),
      ) as {
        group_of_parameter: Record<string, number>;
      };
      const config = JSON.parse(readFileSync(join(folder, 'config.json'), 'utf8')) as Record<string, number>;
      const layers = config.num_hidden_layers ?? config.n_layers ?? config.n_layer ?? 0;
      const names = Object.keys(groups).map((name) =>
        name.startsWith(prefix) ? name.slice(prefix.length) : name,
      );
      expect([...assignGroups(paperGrouping(layers), names, layerOf)]).toEqual(Object.values(groups));
    },
  );
});

describe('one group a layer', () => {
  it('counts layers from 0, as tensors do', () => {
    const grouping = layerGrouping(3);
    expect(grouping.groups.map((group) => group.name)).toEqual([
      'embeddings',
      'layer 0',
      'layer 1',
      'layer 2',
      'head',
    ]);
    expect([...assignGroups(grouping, bertNames(3), layerOfBert)]).toEqual([0, 0, 1, 2, 3, 4, 4]);
  });
});

describe('assignment', () => {
  it('names tensors that no group holds: unknown names, layers beyond the depth', () => {
    const grouping = paperGrouping(2);
    expect(() => assignGroups(grouping, [...bertNames(3), 'cls.predictions.bias'], layerOfBert)).toThrow(
      'With the grouping paper every tensor must fall into exactly one group, but ' +
        '"encoder.layer.2.attention.self.query.weight" falls into no group, "cls.predictions.bias" falls into no group; ' +
        'choose other --groups or correct their patterns.',
    );
    const many = Array.from({ length: 8 }, (_, i) => `other.${i}`);
    expect(() => assignGroups(grouping, many, layerOfBert)).toThrow(
      '"other.4" falls into no group and 3 more;',
    );
  });

  it('lists groups with their tensors, parameters and rates', () => {
    const grouping = paperGrouping(1);
    const tensors = bertNames(1).map((name, i) => ({ name, shape: i === 0 ? [100, 8] : [8] }));
    const rates = parseRates('1e-4', grouping);
    const rows = describeGroups(grouping, tensors, { layerOf: layerOfBert, rates });
    expect(rows).toHaveLength(10);
    expect(rows[0]).toEqual({
      group: 0,
      name: 'embeddings',
      tensors: ['embeddings.word_embeddings.weight', 'embeddings.LayerNorm.bias'],
      parameters: 808,
      rate: 1e-4,
    });
    expect(rows[3]).toEqual({ group: 3, name: 'part 3', tensors: [], parameters: 0, rate: null });
    expect(rows[8]?.tensors).toEqual(['encoder.layer.0.attention.self.query.weight']);
    expect(rows[9]).toMatchObject({ name: 'head', parameters: 16, rate: 1e-4 });
    expect(describeGroups(grouping, tensors, { layerOf: layerOfBert })[0]?.rate).toBe(null);
  });
});

describe('a stored grouping', () => {
  it('reads back what was written and refuses what was changed', () => {
    const grouping = paperGrouping(6, 'paper-ceil');
    const text = groupingToJson(grouping);
    expect(groupingFromJson(text, 'rates.arrow')).toEqual(grouping);
    expect(() => groupingFromJson(text.replace('[3]', '[3,4]'), 'rates.arrow')).toThrow(
      `The layer grouping stored in rates.arrow has the fingerprint`,
    );
    for (const bad of ['', '{}', '[', text.replace('paper-ceil', 'mine'), text.replace('[3]', '[-1]')]) {
      expect(() => groupingFromJson(bad, 'rates.arrow')).toThrow(
        'The layer grouping stored in rates.arrow cannot be read',
      );
    }
  });

  it('may be mixed with one that holds the same, and with no other', () => {
    expect(() => refuseMixedGroupings(paperGrouping(12), paperGrouping(12))).not.toThrow();
    // 24 layers divide evenly: rounding up and down agree.
    expect(() => refuseMixedGroupings(paperGrouping(24), paperGrouping(24, 'paper-ceil'))).not.toThrow();
    const others = [paperGrouping(12, 'paper-ceil'), paperGrouping(6), layerGrouping(12), layerGrouping(8)];
    for (const other of others) {
      expect(() => refuseMixedGroupings(paperGrouping(12), other)).toThrow(
        /^Rates of two different groupings cannot be mixed: paper \(10 groups, [0-9a-f]{16}\) and /,
      );
    }
  });
});

describe('rates', () => {
  const grouping = paperGrouping(4);
  const empty = grouping.groups.map(isEmptyGroup);

  it('are one for all groups that hold something', () => {
    expect(empty).toEqual([false, true, false, true, false, true, false, true, false, false]);
    expect(parseRates('2e-5', grouping)).toEqual(empty.map((none) => (none ? null : 2e-5)));
    expect(parseRates('0', paperGrouping(12))).toEqual(new Array(10).fill(0));
  });

  it('are one for each group, null for those that hold nothing', () => {
    const text = '1e-5, null,2e-5,7,3e-5,0,0,null,4e-5,5e-5';
    expect(parseRates(text, grouping)).toEqual([1e-5, null, 2e-5, null, 3e-5, null, 0, null, 4e-5, 5e-5]);
  });

  it('name the value that is none, and the count that does not fit', () => {
    expect(() => parseRates('fast', grouping)).toThrow(
      '--rates: "fast" is not a learning rate; give a number such as 2e-5, or 0 to freeze.',
    );
    expect(() => parseRates('', grouping)).toThrow('"" is not a learning rate');
    for (const bad of ['-1e-5', 'NaN', 'Infinity', '1e-5x', 'null', '']) {
      expect(() => parseRates(`1,1,${bad},1,1,1,1,1,1,1`, grouping)).toThrow(
        `"${bad}" for group 2 (part 2) is not a learning rate`,
      );
    }
    expect(() => parseRates('1,x,1,1,1,1,1,1,1,1', grouping)).toThrow('"x" for group 1 (part 1)');
    expect(() => parseRates('1e-5,1e-4', grouping)).toThrow(
      '--rates has 2 values and the grouping paper has 10 groups; give one rate for all or one for each group.',
    );
  });
});
