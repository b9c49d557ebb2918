/** `layerwise tokens`: texts on stdin, ids and pieces on stdout. */
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { Readable } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { tokenLines } from '../src/commands/tokens/run.js';
import { textLines } from '../src/commands/tokens/text-lines.js';
import { temporaryFolder } from './command.js';

const words = ['[PAD]', '[UNK]', '[CLS]', '[SEP]', '[MASK]', 'a', 'river', '##s', 'é', '\u001b'];

/** A folder of a tokeniser without weights. */
function tokeniser(): string {
  const folder = temporaryFolder();
  writeFileSync(join(folder, 'config.json'), '{"model_type":"bert"}');
  writeFileSync(join(folder, 'tokenizer_config.json'), '{"strip_accents":false}');
  writeFileSync(join(folder, 'vocab.txt'), words.join('\n'));
  return folder;
}

async function collected<Value>(values: AsyncIterable<Value>): Promise<Value[]> {
  const list: Value[] = [];
  for await (const value of values) list.push(value);
  return list;
}

/** All that is written for people, and for programs. */
async function tokens(folder: string, input: string | Uint8Array) {
  const written = async (json: boolean): Promise<string> => {
    const batches = tokenLines(folder, Readable.from([Buffer.from(input)]), json);
    return (await collected(batches)).join('');
  };
  const objects = (await written(true)).split('\n').filter((line) => line !== '');
  const json = objects.map((line) => JSON.parse(line) as { readonly ids: number[] });
  return { text: (await written(false)).replace(/\n$/, ''), json };
}

describe('texts on stdin', () => {
  it('become ids and pieces, a line each, without weights beside the tokeniser', async () => {
    const { text, json } = await tokens(tokeniser(), 'A river\n\nrivers [MASK]\n');
    expect(text).toBe('2:[CLS] 5:a 6:river 3:[SEP]\n2:[CLS] 3:[SEP]\n2:[CLS] 6:river 7:##s 4:[MASK] 3:[SEP]');
    expect(json).toEqual([{ ids: [2, 5, 6, 3] }, { ids: [2, 3] }, { ids: [2, 6, 7, 4, 3] }]);
  });

  it('may be JSON strings, with escapes and line breaks in them', async () => {
    const lines = String.raw`"a\nriver \u00c9"
"a" b "c
  "a"`;
    const { json } = await tokens(tokeniser(), lines);
    expect(json).toEqual([{ ids: [2, 5, 6, 8, 3] }, { ids: [2, 1, 5, 1, 1, 1, 1, 3] }, { ids: [2, 5, 3] }]);
  });

  it('are whole however long, end at \\n alone, and keep a byte order mark', async () => {
    const { json } = await tokens(tokeniser(), `${'a '.repeat(5000)}\n\ufeffa\u2028a\u0085a\r\n`);
    const [long, odd] = json;
    expect(long!.ids).toHaveLength(5002);
    // U+2028 is white space; U+FEFF and U+0085 are taken out.
    expect(odd!.ids).toEqual([2, 5, 1, 3]);
  });

  it('are none without input, and no terminal obeys what a vocabulary holds', async () => {
    const folder = tokeniser();
    expect(await tokens(folder, '')).toEqual({ text: '', json: [] });
    writeFileSync(join(folder, 'tokenizer_config.json'), '{"cls_token":"\\u001b"}');
    expect((await tokens(folder, 'a')).text).toBe('9:\\u001b 5:a 3:[SEP]');
  });

  it('are refused where they are not UTF-8', async () => {
    await expect(tokens(tokeniser(), Uint8Array.of(0x61, 0xff))).rejects.toThrow(/not in UTF-8/);
  });

  it('are answered as they come, wherever a chunk ends', async () => {
    const chunks = ['a\nri', 'v', 'er\n\u00e9'].map((text) => Buffer.from(text));
    expect(await collected(textLines(Readable.from(chunks), 5))).toEqual([['a'], ['river'], ['é']]);
    function* endless(): Generator<Uint8Array> {
      for (;;) yield Buffer.from('a\n');
    }
    const answers = tokenLines(tokeniser(), Readable.from(endless()), true);
    expect((await answers.next()).value).toBe('{"ids":[2,5,3]}\n');
    await answers.return(undefined);
  });

  it('are refused where a line is too long to be kept, before it has ended', async () => {
    function* endless(): Generator<Uint8Array> {
      yield Buffer.from('a\n');
      for (;;) yield Buffer.alloc(1 << 16, 'a');
    }
    const found = collected(tokenLines(tokeniser(), Readable.from(endless()), true));
    await expect(found).rejects.toThrow(/^Line 2 on stdin has more than 1000000 characters; make texts/);
    const short = collected(textLines(Readable.from([Buffer.from('abcdef\n')]), 5));
    await expect(short).rejects.toThrow(/^Line 1 on stdin has more than 5 characters/);
  });

  it('end the command quietly when nobody reads the answers any more', async () => {
    const script = resolve(import.meta.dirname, '../bin/layerwise.js');
    const command = spawn(process.execPath, [script, 'tokens', '--encoder', tokeniser(), '--json']);
    let words = '';
    command.stderr.on('data', (data: Buffer) => (words += data.toString()));
    command.stdin.on('error', () => undefined);
    Readable.from(
      (function* () {
        for (;;) yield 'a film\n'.repeat(1000);
      })(),
    ).pipe(command.stdin);
    command.stdout.once('data', () => command.stdout.destroy());
    const code = await new Promise((done) => command.on('exit', done));
    expect(code).toBe(0);
    expect(words).not.toMatch(/^(?!layerwise: building)./m);
  });

  it('are read by the command, which prints one JSON object a line', () => {
    const script = resolve(import.meta.dirname, '../bin/layerwise.js');
    const run = (folder: string) =>
      spawnSync(process.execPath, [script, 'tokens', '--encoder', folder, '--json'], { input: 'a\nriver\n' });
    const { stdout, status } = run(tokeniser());
    expect([status, stdout.toString()]).toEqual([0, '{"ids":[2,5,3]}\n{"ids":[2,6,3]}\n']);
    const none = join(temporaryFolder(), 'none');
    mkdirSync(none);
    const refused = run(none);
    expect(refused.status).toBe(2);
    expect(refused.stdout.toString()).toMatch(/^\{"error":".*has no tokenizer.json and no vocab.txt/);
  });
});

const cases = join(
  process.env['LAYERWISE_SHARED'] ?? resolve(import.meta.dirname, '../../../../shared'),
  'cases',
);
const hasCases = existsSync(cases);
const folders = hasCases ? readdirSync(cases).filter((name) => name.startsWith('tok-')) : ['tok-*'];

describe.skipIf(!hasCases)('folders of ../shared/cases', () => {
  const texts = hasCases ? folders.flatMap((name) => expectedOf(name).texts ?? []).slice(0, 12) : [];

  it.each(folders)("%s gives Python's ids, or is refused where Python refuses", async (name) => {
    const { ids } = expectedOf(name);
    const found = tokens(join(cases, name), texts.map((text) => JSON.stringify(text)).join('\n'));
    if (ids === undefined) await expect(found).rejects.toThrow(/names the tokenizer_class \w+/);
    else expect((await found).json).toEqual(ids.map((row) => ({ ids: row })));
  });
});

function expectedOf(name: string): { readonly texts?: string[]; readonly ids?: number[][] } {
  return JSON.parse(readFileSync(join(cases, name, 'expected-ids.json'), 'utf8')) as object;
}
