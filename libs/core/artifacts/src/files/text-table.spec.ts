/** Columns of text stand below each other. */
import { expect, it } from 'vitest';
import { textTable } from './text-table.js';

it('columns are as wide as their widest cell, to the left or to the right', () => {
  const rows = [
    ['task', 'rows', 'state'],
    ['CoLA', '8551', ''],
    ['RTE → WNLI', '63', 'up to date'],
  ];
  expect(textTable(rows, ['left', 'right'])).toEqual([
    'task        rows  state',
    'CoLA        8551',
    'RTE → WNLI    63  up to date',
  ]);
});

it('counts characters, and takes rows of several lengths', () => {
  expect(textTable([['😀', 'b'], ['aaa']])).toEqual(['😀    b', 'aaa']);
  expect(textTable([])).toEqual([]);
});
