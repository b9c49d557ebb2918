/** Tables as text and as Markdown, which Prettier must leave alone. */
import { check } from 'prettier';
import { expect, it } from 'vitest';
import { asMarkdown, asText, withoutEmptyColumns } from '../src/table.mjs';

const table = {
  title: 'A step',
  caption: 'In milliseconds.',
  columns: [
    { name: 'encoder' },
    { name: 'ours', digits: 1 },
    { name: 'theirs' },
    { name: 'of both', digits: 2 },
  ],
  rows: [
    ['2 × 128', 14.06, null, 0.5],
    ['12 × 768', 1473.46, null, null],
  ],
};

it('aligns numbers to the right, names to the left', () => {
  expect(asText(table)).toBe(
    [
      'A step',
      'In milliseconds.',
      '',
      '  encoder     ours  theirs  of both',
      '  2 × 128     14.1       -     0.50',
      '  12 × 768  1473.5       -        -',
    ].join('\n'),
  );
});

it('leaves out a column that was not measured', () => {
  const { columns, rows } = withoutEmptyColumns(table);
  expect(columns.map(({ name }) => name)).toEqual(['encoder', 'ours', 'of both']);
  expect(rows).toEqual([
    ['2 × 128', 14.06, 0.5],
    ['12 × 768', 1473.46, null],
  ]);
});

it('writes Markdown as Prettier does', async () => {
  const markdown = asMarkdown(table);
  expect(markdown).toContain('| 12 × 768 | 1473.5 | -      | -       |');
  expect(await check(`${markdown}\n`, { parser: 'markdown' })).toBe(true);
});
