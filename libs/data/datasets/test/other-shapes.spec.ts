/** Files that are nearly what their names say: other columns, separators, line ends, quotes. */
import { parquetWriteBuffer } from 'hyparquet-writer';
import { describe, expect, it } from 'vitest';
import { openTask } from '../src/index.js';
import { refusalOf, scratch, tsv } from './scratch.js';

const both = (name: string, content: string | Uint8Array) => ({
  [`train.${name}`]: content,
  [`dev.${name}`]: content,
});

describe('columns of which one is unknown', () => {
  it.each([
    ['text,labels', 'the label; name it with --label-column labels'],
    ['sentence,target', 'the label; name it with --label-column target'],
    ['id,text,class,source', 'the label; name it with --label-column class'],
    ['id,text,colour,source', 'the label; name it with --label-column NAME'],
    ['sentence1,sentence2,labels', 'the label; name it with --label-column labels'],
    ['premise,hypothesis,relation', 'the label; name it with --label-column relation'],
    ['review,label', 'the text; name it with --text-column review'],
    ['id,Content,label', 'the text; name it with --text-column Content'],
    ['Text,Label', 'the text or the label; name it with --text-column Text --label-column Label'],
    ['a b,c,d', 'the text or the label; name it with --text-column NAME --label-column NAME'],
  ])('%s', async (header, sentence) => {
    const names = header.split(',').map((name) => JSON.stringify(name));
    expect(await refusalOf(both('csv', `${header}\na,b,c,d\n`))).toBe(
      `$/train.csv has the columns ${names.join(', ')}, of which none is known as ${sentence}`,
    );
  });

  it('what is named is enough', async () => {
    const folder = scratch(both('csv', 'review,label\na,0\nb,1\n'));
    expect((await openTask(folder, { textColumn: 'review' })).task.train.text).toEqual(['a', 'b']);
    const pairs = scratch(both('csv', 'sentence1,sentence2,labels\na,c,0\nb,d,1\n'));
    expect((await openTask(pairs, { labelColumn: 'labels' })).task.train.pair).toEqual(['c', 'd']);
    expect(await refusalOf(both('csv', 'text,label\na,0\n'), { labelColumn: 'y' })).toMatch(
      /has no column "y" but "text", "label"/,
    );
  });

  it('many or long names are cut', async () => {
    const header = Array.from({ length: 300 }, (_, i) => `${i}`.padStart(80, 'x')).join(',');
    const sentence = await refusalOf(both('csv', `${header}\n`));
    expect(sentence).toMatch(/ and 29\d more, of which/);
    expect(sentence.length).toBeLessThan(450);
  });
});

describe('another separator, line end, encoding or kind of file', () => {
  const comma = 'save the file with a comma there';
  const tab = 'save the file with a tab there';
  it.each([
    [
      'csv',
      'text;label\na;0\n',
      `the header "text;label" has no comma but a semicolon between its names; ${comma}`,
    ],
    ['csv', '"text";"label"\n"a";"0"\n', `the header "\\"text\\";\\"label\\"" has no comma but a semicolon`],
    [
      'csv',
      'text\tlabel\na\t0\n',
      `has no comma but a tab between its names; ${comma}, or read it with --format tsv`,
    ],
    ['csv', 'text|label\na|0\n', `has no comma but a vertical bar between its names; ${comma}`],
    [
      'tsv',
      'text,label\na,0\n',
      `has no tab but a comma between its names; ${tab}, or read it with --format csv`,
    ],
    ['tsv', 'text;label\na;0\n', `has no tab but a semicolon between its names; ${tab}`],
    ['csv', 'text,label\ra,0\rb,1\r', 'train.csv ends its lines with a carriage return (CR) alone'],
    ['csv', 'text,label\ra,0\rb,1\n', 'train.csv ends its lines with a carriage return (CR) alone'],
    ['tsv', 'text\tlabel\ra\t0\rb\t1', 'train.tsv ends its lines with a carriage return (CR) alone'],
    [
      'jsonl',
      '{"text":"a","label":0}\r{"text":"b","label":1}',
      'train.jsonl ends its lines with a carriage return',
    ],
    ['csv', 't\0e\0x\0t\0,\0l\0\n\0', 'train.csv:1: holds zero bytes, as UTF-16 does; save it as UTF-8'],
    [
      'json',
      '[{"text":"a","label":0}]\n',
      'train.json is a JSON list; write JSON Lines, a line for each object of it',
    ],
    ['json', '[\n  {"text":"a","label":0}\n]\n', 'train.json is a JSON list'],
    ['csv', Buffer.of(0x1f, 0x8b, 8, 0), 'train.csv is compressed by gzip; unpack it'],
    [
      'csv',
      Buffer.from('PK\x03\x04'),
      'train.csv is a zip archive or a spreadsheet (XLSX); save it as a text file',
    ],
    ['tsv', Buffer.from('ARROW1\0\0'), 'train.tsv is an Arrow file'],
  ])('%s %j', async (extension, content, sentence) => {
    const refusal = await refusalOf(both(extension, content));
    expect(refusal).toContain(sentence);
    expect(refusal.length).toBeLessThan(300);
  });

  it('Parquet under the name of a CSV file, and the remedies work', async () => {
    const columnData = [
      { name: 'text', data: ['a', 'b'], type: 'STRING' as const },
      { name: 'label', data: [0, 1], type: 'INT32' as const },
    ];
    const file = both('csv', new Uint8Array(parquetWriteBuffer({ columnData })));
    expect(await refusalOf(file)).toMatch(/train\.csv is a Parquet file; .* --format parquet$/);
    expect((await openTask(scratch(file), { format: 'parquet' })).task.train.text).toEqual(['a', 'b']);
    const tabs = both('csv', tsv(['text', 'label'], ['a', '0'], ['b', '1']));
    expect((await openTask(scratch(tabs), { format: 'tsv' })).task.train.text).toEqual(['a', 'b']);
  });
});

describe('TSV as pandas writes it', () => {
  const rows = [
    ['text', 'label'],
    ['"he said ""x"" twice"', '0'],
    ['good', '1'],
  ];
  const broken = 'text\tlabel\n"two\nlines"\t1\n"a\tb"\t1\n"he ""is"""\t0\n';

  it('is read with its quotes, and says so', async () => {
    const folder = scratch(both('tsv', tsv(...rows)));
    const { task, notes } = await openTask(folder);
    expect(task.train.text[0]).toBe('"he said ""x"" twice"');
    expect(notes).toEqual(
      ['train', 'dev'].map(
        (split) =>
          `${folder}/${split}.tsv: the quotes around 1 text, and the doubled ones inside, are read as characters; if pandas or a spreadsheet wrote them, read it with --format quoted-tsv`,
      ),
    );
  });

  it('is read as pandas reads it by --format quoted-tsv', async () => {
    const { task, notes } = await openTask(scratch(both('tsv', broken)), { format: 'quoted-tsv' });
    expect(task.train.text).toEqual(['two\nlines', 'a\tb', 'he "is"']);
    expect([...task.train.label]).toEqual([1, 1, 0]);
    expect(notes).toEqual([]);
    const quotedNames = both('tsv', '"text"\t"label"\n"a"\t0\n"b"\t1\n');
    expect(await refusalOf(quotedNames)).toMatch(/names of the header are in quotes; .* quoted-tsv$/);
    expect((await openTask(scratch(quotedNames), { format: 'quoted-tsv' })).task.train.text).toEqual([
      'a',
      'b',
    ]);
  });

  it('with line breaks or tabs inside of quotes is told what it is', async () => {
    expect(await refusalOf(both('tsv', broken))).toMatch(
      /train\.tsv:2: the row has 1 tab-separated field .*half of a quote.*--format quoted-tsv/,
    );
    const tabbed = tsv(['text', 'label'], ['"a', 'b"', '1']);
    expect(await refusalOf(both('tsv', tabbed))).toMatch(/has 3 tab-separated fields .*--format quoted-tsv/);
  });

  it.each(['"Yes" and "no"', '"', 'the "cup"', '"open'])(
    'is not taken for it where a text is %j',
    async (text) => {
      const { notes } = await openTask(scratch(both('tsv', tsv(...rows, [text, '1']))));
      expect(notes).toEqual([]);
    },
  );
});
