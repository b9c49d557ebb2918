/** Every layout in which GLUE distributes its tasks, in small files with sentences of our own. */
import { expect, it } from 'vitest';
import { openTask } from '../src/index.js';
import { refusal, scratch, tsv } from './scratch.js';

it('CoLA: no header, four fields, and a test file of another layout', async () => {
  const folder = scratch({
    'train.tsv': tsv(
      ['mine', '1', '', 'The lamp is on.'],
      ['mine', '0', '*', 'Lamp the on is.'],
      ['x', '1', '', 'Go!'],
    ),
    'dev.tsv': tsv(['mine', '0', '*', 'Is on lamp.'], ['mine', '1', '', 'It rains.']),
    'test.tsv': tsv(['index', 'sentence'], ['0', 'Who knows?']),
  });
  const { task, skipped, files } = await openTask(folder);
  expect(task.labels).toEqual(['0', '1']);
  expect(task.train).toEqual({
    index: Int32Array.of(0, 1, 2),
    text: ['The lamp is on.', 'Lamp the on is.', 'Go!'],
    pair: null,
    label: Int32Array.of(1, 0, 1),
  });
  expect(task.dev.text).toEqual(['Is on lamp.', 'It rains.']);
  expect(task.test).toBeUndefined();
  expect(skipped).toEqual([]);
  expect(files).toEqual([`${folder}/train.tsv`, `${folder}/dev.tsv`]);
});

it('SST-2: the trailing space of a phrase is kept, and a test file without labels left out', async () => {
  const folder = scratch({
    'train.tsv': tsv(['sentence', 'label'], ['a merry tale ', '1'], ['a dreary tale ', '0']),
    'dev.tsv': tsv(['sentence', 'label'], ['merry ', '1']),
    'test.tsv': tsv(['index', 'sentence'], ['0', 'merry or not']),
  });
  const { task } = await openTask(folder);
  expect(task.train.text).toEqual(['a merry tale ', 'a dreary tale ']);
  expect([...task.train.label]).toEqual([1, 0]);
  expect(task.test).toBeUndefined();
});

it('MRPC: a byte-order mark before the header, quotes that are characters, and a test file without labels', async () => {
  const header = ['\uFEFFQuality', '#1 ID', '#2 ID', '#1 String', '#2 String'];
  const folder = scratch({
    'train.tsv': tsv(
      header,
      ['1', '7', '8', 'He said "no.', 'No" , he said'],
      ['0', '9', '10', 'Rain', 'Sun'],
    ),
    'dev.tsv': tsv(header, ['1', '1', '2', '"', '""']),
    'test.tsv': tsv(['index', '#1 ID', '#2 ID', '#1 String', '#2 String'], ['0', '1', '2', 'a', 'b']),
  });
  const { task } = await openTask(folder);
  expect(task.train.text).toEqual(['He said "no.', 'Rain']);
  expect(task.train.pair).toEqual(['No" , he said', 'Sun']);
  expect(task.dev).toMatchObject({ text: ['"'], pair: ['""'] });
  expect(task.test).toBeUndefined();
});

it('MRPC with a labelled test file', async () => {
  const header = ['Quality', '#1 ID', '#2 ID', '#1 String', '#2 String'];
  const rows = tsv(header, ['1', '1', '2', 'a', 'b'], ['0', '3', '4', 'c', 'd']);
  const { task, files } = await openTask(scratch({ 'train.tsv': rows, 'dev.tsv': rows, 'test.tsv': rows }));
  expect(task.test).toEqual(task.train);
  expect(files).toHaveLength(3);
});

it('QQP: rows broken by a tab or a line break are refused, or skipped and counted', async () => {
  const header = ['id', 'qid1', 'qid2', 'question1', 'question2', 'is_duplicate'];
  const folder = scratch({
    'train.tsv':
      tsv(
        header,
        ['1', '1', '2', 'Why rain?', 'Why does it rain?', '1'],
        ['2', '3', '4', 'Who?', 'What\tnow?', '0'],
      ) +
      '3\t5\t6\tHow\n can I?\tWhere?\t0\n' +
      tsv(['4', '7', '8', 'Where?', 'When?', '0']),
    'dev.tsv': tsv(header, ['9', '1', '2', 'Why?', 'How?', '0']),
  });
  expect(await refusal(folder)).toBe(
    '$/train.tsv:3: the row has 7 tab-separated fields where 6 were expected; correct it, or leave out bad rows with --skip-bad-rows',
  );
  const { task, skipped } = await openTask(folder, { skipBadRows: true });
  expect(task.train.text).toEqual(['Why rain?', 'Where?']);
  expect(task.train.index).toEqual(Int32Array.of(0, 4));
  expect(skipped).toEqual([
    {
      file: `${folder}/train.tsv`,
      count: 3,
      firstReasons: [
        'line 3 has 7 tab-separated fields where 6 were expected',
        'line 4 has 4 tab-separated fields where 6 were expected',
        'line 5 has 3 tab-separated fields where 6 were expected',
      ],
    },
  ]);
});

const STSB = [
  'index',
  'genre',
  'filename',
  'year',
  'old_index',
  'source1',
  'source2',
  'sentence1',
  'sentence2',
  'score',
];

it('STS-B is regression and refused, as its own file and as a column of numbers', async () => {
  const rows = tsv(STSB, ['0', 'g', 'f', '2012', '1', 'a', 'b', 'A cat.', 'A dog.', '1.800']);
  const folder = scratch({ 'train.tsv': rows, 'dev.tsv': rows });
  expect(await refusal(folder)).toBe(
    '$/train.tsv holds scores (column "score", as STS-B), which is regression; only classification tasks can be opened',
  );
  expect(await refusal(folder, { labelColumn: 'score' })).toBe(
    '$/train.tsv has numbers such as 1.800 in "score", which is regression; only classification tasks can be opened',
  );
});

it('MNLI: gold_label and not label1; matched, mismatched or a plain dev file', async () => {
  const parses = ['sentence1_binary_parse', 'sentence2_binary_parse', 'sentence1_parse', 'sentence2_parse'];
  const head = ['index', 'promptID', 'pairID', 'genre', ...parses, 'sentence1', 'sentence2'];
  const row = (text: string, first: string, gold: string): string[] => [
    '0',
    '1',
    '1e',
    'fiction',
    '( a )',
    '( b )',
    '(ROOT a)',
    '(ROOT b)',
    text,
    `${text}!`,
    first,
    gold,
  ];
  const train = tsv(
    [...head, 'label1', 'gold_label'],
    row('one', 'neutral', 'entailment'),
    row('two', 'neutral', 'contradiction'),
    row('three', 'entailment', 'neutral'),
  );
  const dev = (text: string): string =>
    tsv(
      [...head, 'label1', 'label2', 'label3', 'label4', 'label5', 'gold_label'],
      [...row(text, 'neutral', 'x').slice(0, -1), 'neutral', 'neutral', 'neutral', 'neutral', 'entailment'],
    );
  const folder = scratch({
    'train.tsv': train,
    'dev_matched.tsv': dev('matched'),
    'dev_mismatched.tsv': dev('mismatched'),
    'test_matched.tsv': tsv(head, row('t', '', '').slice(0, -2)),
  });
  const { task } = await openTask(folder);
  expect(task.labels).toEqual(['contradiction', 'entailment', 'neutral']);
  expect(task.train.text).toEqual(['one', 'two', 'three']);
  expect(task.train.pair).toEqual(['one!', 'two!', 'three!']);
  expect([...task.train.label]).toEqual([1, 0, 2]);
  expect(task.dev).toMatchObject({ text: ['matched'], label: Int32Array.of(1) });
  const other = await openTask(folder, { devSplit: 'mismatched' });
  expect(other.task.dev.text).toEqual(['mismatched']);

  const plain = scratch({ 'train.tsv': train, 'dev.tsv': dev('plain') });
  expect((await openTask(plain)).task.dev.text).toEqual(['plain']);
  expect(await refusal(plain, { devSplit: 'mismatched' })).toBe(
    '$ has no dev_mismatched file; leave --dev-split out for a task with one dev set',
  );
  const unsure = scratch({ 'train.tsv': train + tsv(row('four', 'neutral', '-')), 'dev.tsv': dev('plain') });
  expect(await refusal(unsure)).toMatch(
    /^\$\/train\.tsv:5: the row has the label "-" where "contradiction" or "entailment" or "neutral" was expected/,
  );
});

it.each([
  ['QNLI', ['index', 'question', 'sentence', 'label'], ['entailment', 'not_entailment']],
  ['RTE', ['index', 'sentence1', 'sentence2', 'label'], ['entailment', 'not_entailment']],
  ['WNLI', ['index', 'sentence1', 'sentence2', 'label'], ['0', '1']],
] as const)('%s', async (_name, header, [low, high]) => {
  const rows = tsv(header, ['0', 'It is late?', 'Late it is.', high], ['1', 'b', 'c', low]);
  const { task } = await openTask(scratch({ 'train.tsv': rows, 'dev.tsv': rows }));
  expect(task.labels).toEqual([low, high]);
  expect(task.train).toEqual({
    index: Int32Array.of(0, 1),
    text: ['It is late?', 'b'],
    pair: ['Late it is.', 'c'],
    label: Int32Array.of(1, 0),
  });
});

it('WiC: the word in question goes in front of its sentence', async () => {
  const rows = tsv(
    ['index', 'word', 'sentence1', 'sentence2', 'label'],
    ['0', 'bank', 'A bank.', 'Banks.', '1'],
    ['1', 'bat', 'A bat.', 'Bats.', '0'],
  );
  const { task } = await openTask(scratch({ 'train.tsv': rows, 'dev.tsv': rows }));
  expect(task.train).toMatchObject({ text: ['bank : A bank.', 'bat : A bat.'], pair: ['Banks.', 'Bats.'] });
});

it('splits at \\n and tabs alone, with or without \\r before \\n', async () => {
  const texts = ['a\u2028b', 'c\u0085d', 'e\u2029f', 'g\u000Bh\u000Ci', 'j\rk', '\u001C\u001D'];
  const lines = [['sentence', 'label'], ...texts.map((text, i) => [text, String(i % 2)])];
  const unix = tsv(...lines);
  const windows = unix.replaceAll('\n', '\r\n');
  const { task } = await openTask(scratch({ 'train.tsv': unix, 'dev.tsv': windows }));
  expect(task.train.text).toEqual(texts);
  expect(task.dev).toEqual(task.train);
});

it('lines that lie across the blocks in which a file is read come whole', async () => {
  const texts = Array.from({ length: 400 }, (_, i) => `${i} ${'ü€😀'.repeat(i * 3)}`);
  const rows = tsv(['sentence', 'label'], ...texts.map((text, i) => [text, String(i % 2)])).trimEnd();
  expect(Buffer.byteLength(rows)).toBeGreaterThan(2 << 20);
  const { task } = await openTask(scratch({ 'train.tsv': rows, 'dev.tsv': rows }));
  expect(task.train.text).toEqual(texts);
});

it('labels: those of train, in order, for dev too', async () => {
  const train = tsv(['sentence', 'label'], ['a', '10'], ['b', '9'], ['c', '-1'], ['d', '9']);
  const folder = scratch({
    'train.tsv': train,
    'dev.tsv': tsv(['label', 'sentence'], ['9', 'e'], ['-1', 'f']),
  });
  const { task } = await openTask(folder);
  expect(task.labels).toEqual(['-1', '9', '10']);
  expect([...task.train.label]).toEqual([2, 1, 0, 1]);
  expect(task.dev).toMatchObject({ text: ['e', 'f'], label: Int32Array.of(1, 0) });
});

it('trainLimit takes the first rows of train and leaves labels and dev alone', async () => {
  const rows = tsv(['sentence1', 'sentence2', 'label'], ['a', 'A', '0'], ['b', 'B', '0'], ['c', 'C', '1']);
  const folder = scratch({ 'train.tsv': rows, 'dev.tsv': rows });
  const { task } = await openTask(folder, { trainLimit: 2 });
  expect(task.labels).toEqual(['0', '1']);
  expect(task.train).toEqual({
    index: Int32Array.of(0, 1),
    text: ['a', 'b'],
    pair: ['A', 'B'],
    label: Int32Array.of(0, 0),
  });
  expect(task.dev.text).toHaveLength(3);
  expect((await openTask(folder, { trainLimit: 99 })).task.train.text).toHaveLength(3);
  expect(await refusal(folder, { trainLimit: 0 })).toBe(
    'The train limit is 0; it has to be a whole number from 1',
  );
});
