import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { readRows, writeRows } from './rows.js';
import { defineTable } from './schema.js';

const table = defineTable({
  name: 'rivers',
  version: 1,
  description: 'Rivers.',
  metadataKeys: ['source'],
  columns: [
    { name: 'name', type: 'utf8', description: 'of the river' },
    { name: 'length', type: 'float64', nullable: true, description: 'in km' },
    { name: 'bridges', type: 'int32', description: 'over it' },
    { name: 'towns', type: 'list<utf8>', description: 'on it' },
    { name: 'depths', type: 'list<float64>', description: 'in m' },
  ],
});

it('gives back the rows that were written', async () => {
  const file = join(mkdtempSync(join(tmpdir(), 'layerwise-rows-')), 'rivers.arrow');
  const rows = [
    { name: 'Elbe', length: 1094, bridges: 3, towns: ['Dresden', 'Hamburg'], depths: [1.5, NaN] },
    { name: 'Bode', length: null, bridges: 0, towns: [], depths: [] },
  ];
  await writeRows(file, table, rows, { source: 'memory' });
  const read = await readRows(file, table);
  expect(read.rows).toEqual(rows);
  expect(read.metadata).toEqual({ source: 'memory' });
});

it('refuses a row that lacks a column', async () => {
  const row = { name: 'Elbe', length: 1094, bridges: 3, depths: [] };
  await expect(writeRows('rivers.arrow', table, [row as never], { source: '' })).rejects.toThrow();
});
