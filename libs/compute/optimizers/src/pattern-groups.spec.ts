// Groups of a user's file: globs, regular expressions, and one sentence with file and line for each slip.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { InputError } from '@layerwise/errors';
import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';

import { assignGroups } from './assignment.js';
import { layerGrouping, paperGrouping } from './layer-groups.js';
import { matcherOf, parsePatternGroups, readGrouping } from './pattern-groups.js';
import { layerOfBert } from '../test/layer-of-patterns.js';

const folder = mkdtempSync(join(tmpdir(), 'layerwise-groups-'));
afterAll(() => rmSync(folder, { recursive: true }));

const yaml = String.raw`# attention apart from the rest
- name: attention
  patterns: ['encoder.layer.*.attention.*']
- name: the rest
  patterns:
    - embeddings.*
    - '/^encoder\.layer\.\d+\.(intermediate|output)\./'
- {name: heads, patterns: '{head,pooler,classifier}.*'}
`;
const tensors = [
  'embeddings.word_embeddings.weight',
  'encoder.layer.0.attention.output.dense.weight',
  'encoder.layer.11.output.dense.bias',
  'head.original.weight',
];

describe('groups of a file', () => {
  it('hold what their globs and regular expressions match, in YAML and in JSON', () => {
    const grouping = parsePatternGroups(yaml, 'groups.yaml');
    expect(grouping.groups.map((group) => group.name)).toEqual(['attention', 'the rest', 'heads']);
    expect([...assignGroups(grouping, tensors, layerOfBert)]).toEqual([1, 0, 1, 2]);
    const json = JSON.stringify(
      grouping.groups.map(({ name, patterns }) => ({ name, patterns })),
      null,
      1,
    );
    expect(parsePatternGroups(json, 'groups.json')).toEqual(grouping);
  });

  it('are read from a file where --groups is no name of a grouping', () => {
    const file = join(folder, 'groups.yaml');
    writeFileSync(file, yaml);
    expect(readGrouping(file, 12)).toEqual(parsePatternGroups(yaml, file));
    expect(readGrouping('paper', 6)).toEqual(paperGrouping(6));
    expect(readGrouping('paper-ceil', 6)).toEqual(paperGrouping(6, 'paper-ceil'));
    expect(readGrouping('layers', 6)).toEqual(layerGrouping(6));
    expect(() => readGrouping('papr', 6)).toThrow(
      'There is no file papr for --groups; give paper, paper-ceil, layers, or',
    );
    expect(() => readGrouping(folder, 6)).toThrow(
      `cannot read ${folder}: it is a folder; give a regular file.`,
    );
  });

  it('must share the tensors out: each in one group, none of the groups without any', () => {
    const two = parsePatternGroups('[{name: a, patterns: ["*"]}, {name: b, patterns: ["/head/"]}]', 'f');
    expect(() => assignGroups(two, tensors, layerOfBert)).toThrow(
      '"head.original.weight" falls into the groups "a" and "b"',
    );
    const few = parsePatternGroups('[{name: a, patterns: ["encoder.*"]}]', 'f');
    expect(() => assignGroups(few, tensors, layerOfBert)).toThrow(
      '"embeddings.word_embeddings.weight" falls into no group',
    );
    const typo = parsePatternGroups('[{name: a, patterns: ["*"]}, {name: b, patterns: ["encodr.*"]}]', 'f');
    expect(() => assignGroups(typo, tensors, layerOfBert)).toThrow(
      'The layer group "b" holds no tensor: nothing is called "encodr.*"',
    );
  });

  it.each([
    ['', 'f: expected a list of layer groups'],
    ['[]', 'f, line 1: expected a list of layer groups'],
    ['name: a', 'f, line 1: expected a list of layer groups'],
    ['- name: a\n  patterns: [x]\n- text', 'f, line 3: expected a layer group with a name and patterns'],
    ['- patterns: [x]', 'f, line 1: this layer group needs a name'],
    ['- name: 3\n  patterns: [x]', 'f, line 1: this layer group needs a name'],
    ['- name: a', 'f, line 1: the layer group "a" needs patterns'],
    ['- name: a\n  patterns: []', 'f, line 1: the layer group "a" needs patterns'],
    ['- name: a\n  patterns: [x, 1]', 'f, line 2: a pattern of the layer group "a" is not a text'],
    [
      '- name: a\n  patterns:\n  - x\n  - /(/',
      'f, line 4: The layer group pattern "/(/" is not a valid regular expression',
    ],
    ['- name: a\n  patern: [x]', 'f, line 2: a layer group has a name and patterns, not "patern"'],
    ['- name: a\n  patterns: [x]\n- name: a\n  patterns: [y]', 'f: two layer groups are called "a"'],
    ['- name: a\n patterns: [x', 'f, line 2: this is neither YAML nor JSON'],
    [
      '- name: a\n  name: b\n  patterns: [x]',
      'f, line 2: this is neither YAML nor JSON (Map keys must be unique)',
    ],
    ['- *a', 'f, line 1: '],
  ])('refuse %j', (text, sentence) => {
    expect(() => parsePatternGroups(text, 'f')).toThrow(InputError);
    expect(() => parsePatternGroups(text, 'f')).toThrow(sentence);
  });

  it('never fail with anything but a sentence', () => {
    const pieces = fc.constantFrom(
      '- ',
      'name: ',
      'patterns: ',
      '[',
      ']',
      '{',
      '}',
      '&a ',
      '*a',
      '"',
      "'",
      '\n',
      '  ',
      ': ',
      'x',
      '/(',
      '!!',
      '---\n',
      '<<: ',
      '?',
      '|',
      '\t',
      '\0',
    );
    fc.assert(
      fc.property(fc.array(pieces, { maxLength: 20 }), (text) => {
        try {
          assignGroups(parsePatternGroups(text.join(''), 'f'), tensors, layerOfBert);
        } catch (error) {
          expect(error).toBeInstanceOf(InputError);
          expect((error as Error).message).not.toContain('\n');
        }
      }),
      { numRuns: 2000 },
    );
  });
});

describe('globs', () => {
  it.each([
    ['encoder.layer.1.*', 'encoder.layer.1.output.dense.bias', true],
    ['encoder.layer.1.*', 'encoder.layer.11.output.dense.bias', false],
    ['encoder.layer.?.*', 'encoder.layer.11.output.dense.bias', false],
    ['encoder.layer.[0-3].*', 'encoder.layer.3.x', true],
    ['encoder.layer.[!0-3].*', 'encoder.layer.3.x', false],
    ['encoder.layer.{1,11}.*', 'encoder.layer.11.x', true],
    ['encoder.layer.{1,1{0,1}}.*', 'encoder.layer.10.x', true],
    ['encoder.layer.{1,11}.*', 'encoder.layer.2.x', false],
    ['*.bias', 'a.b.bias', true],
    ['*.bias', 'a.b.bias.c', false],
    ['embeddings', 'embeddings.x', false],
    ['a.b', 'a-b', false],
    ['a+b(c)|d$^\\', 'a+b(c)|d$^\\', true],
    ['a,b', 'a,b', true],
    ['/output/', 'encoder.layer.0.output.x', true],
    ['/^output/', 'encoder.layer.0.output.x', false],
  ])('%s on %s: %s', (pattern, name, matches) => {
    expect(matcherOf(pattern).test(name)).toBe(matches);
  });

  it('that are malformed are refused', () => {
    for (const bad of ['{a,b', '[z-a]', '/[/']) expect(() => matcherOf(bad)).toThrow(InputError);
  });
});
