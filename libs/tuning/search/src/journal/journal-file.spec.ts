/** The journal through everything that cuts or breaks a file, and two processes that want the same one. */
import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { InputError } from '@layerwise/errors';
import { openJournalFile, readJournalFile } from './journal-file.js';

let folder: string;
let file: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'layerwise-journal-'));
  file = join(folder, 'study.jsonl');
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const events = [
  { type: 'a', text: 'tab\t, quote ", line\nbreak, µ and 🙂' },
  { type: 'b', numbers: [1e-7, 0.1 + 0.2, -3] },
  { type: 'c', nested: { crc: '"crc":"00000000"}' } },
];

function write(...those: readonly unknown[]): void {
  const journal = openJournalFile(file);
  for (const event of those) journal.append(event);
  journal.close();
}

it('gives back what was appended, and goes on behind it', () => {
  write(...events.slice(0, 2));
  write(...events.slice(2));
  expect(readJournalFile(file)).toEqual(events);
});

it('has the format that its first lines promise: the CRC-32 is that of zlib', () => {
  write(events[1]);
  const line = readFileSync(file, 'utf8');
  // python3 -c 'import zlib; print("%08x" %
  // zlib.crc32(b"{\"type\":\"b\",\"numbers\":[1e-7,0.30000000000000004,-3]}"))'
  expect(line).toBe('{"event":{"type":"b","numbers":[1e-7,0.30000000000000004,-3]},"crc":"17af999e"}\n');
});

it('cut at any byte it opens with the whole lines, and goes on', () => {
  write(...events);
  const whole = readFileSync(file);
  const ends = [...whole.keys()].filter((i) => whole[i] === 10); // places of the line breaks
  expect(ends).toHaveLength(3);
  for (let bytes = 0; bytes <= whole.length; bytes++) {
    writeFileSync(file, whole.subarray(0, bytes));
    // A line that lacks its break alone is whole.
    const kept = ends.filter((end) => end <= bytes).length;
    expect(readJournalFile(file), `${bytes} bytes read`).toEqual(events.slice(0, kept));
    expect(readFileSync(file).length).toBe(bytes);
    const journal = openJournalFile(file);
    expect(journal.read(), `${bytes} bytes opened`).toEqual(events.slice(0, kept));
    for (const event of events.slice(kept)) journal.append(event);
    journal.close();
    expect(readFileSync(file).equals(whole), `${bytes} bytes continued`).toBe(true);
  }
});

it('cuts off a last line with a wrong byte anywhere in it', () => {
  write(...events);
  const whole = readFileSync(file);
  const start = whole.lastIndexOf(10, whole.length - 2) + 1;
  for (let place = start; place < whole.length - 1; place += 3) {
    const broken = Buffer.from(whole);
    broken[place]! ^= 1;
    writeFileSync(file, broken);
    expect(readJournalFile(file)).toEqual(events.slice(0, 2));
  }
});

it('refuses a broken line before the last, by its number, and leaves the file as it is', () => {
  write(...events);
  const lines = readFileSync(file, 'utf8').split('\n');
  lines[1] = lines[1]!.replace('-3', '-4');
  writeFileSync(file, lines.join('\n'));
  expect(() => openJournalFile(file)).toThrow(InputError);
  expect(() => openJournalFile(file)).toThrow(`${file}, line 2 is damaged`);
  expect(readFileSync(file, 'utf8')).toBe(lines.join('\n'));
});

it('does not cut off a file that is no journal', () => {
  for (const contents of ['dear diary', '{"event":1}\n', '{"lr0":{"type":"float"}}\n']) {
    writeFileSync(file, contents);
    expect(() => openJournalFile(file)).toThrow(`${file} is not a journal`);
    expect(readFileSync(file, 'utf8')).toBe(contents);
  }
});

it('makes its folder; says what hinders it', () => {
  file = join(folder, 'new', 'study.jsonl');
  write(events[0]);
  expect(readJournalFile(file)).toEqual([events[0]]);
  expect(() => readJournalFile(join(folder, 'none'))).toThrow(InputError);
  expect(() => openJournalFile(join(file, 'below'))).toThrow(InputError);
  expect(() => openJournalFile(folder)).toThrow(InputError);
});

const hasPrlimit = spawnSync('prlimit', ['--version']).status === 0;

it.runIf(hasPrlimit)('a line that finds no room is not left there in part', () => {
  const limitFileSize = (bytes: string) =>
    execFileSync('prlimit', ['--pid', String(process.pid), `--fsize=${bytes}:`]);
  const journal = openJournalFile(file);
  journal.append(events[0]);
  limitFileSize('150');
  try {
    expect(() => journal.append({ type: 'long', text: 'x'.repeat(100) })).toThrow(`cannot write ${file}`);
  } finally {
    limitFileSize('unlimited');
  }
  expect(readFileSync(file, 'utf8').split('\n')).toHaveLength(2);
  journal.append(events[1]);
  journal.close();
  expect(readJournalFile(file)).toEqual(events.slice(0, 2));
});

describe('one writer', () => {
  it('refuses a second one within the process, and lets the next in when the first is done', () => {
    const journal = openJournalFile(file);
    expect(() => openJournalFile(file)).toThrow(`is being written by process ${process.pid}`);
    journal.append(events[0]);
    expect(readJournalFile(file)).toEqual([events[0]]);
    journal.close();
    journal.close();
    write(events[1]);
    expect(readJournalFile(file)).toEqual(events.slice(0, 2));
    expect(readdirSync(folder)).toEqual(['study.jsonl']);
  });

  it('refuses while another process lives, and takes over when it is dead', async () => {
    const other = spawn('sleep', ['60']);
    await once(other, 'spawn');
    writeFileSync(`${file}.lock`, `${hostname()}\n${other.pid!}\n`);
    expect(() => openJournalFile(file)).toThrow(`is being written by process ${other.pid!}: wait for it`);
    other.kill('SIGKILL');
    await once(other, 'exit');
    write(events[0]);
    expect(existsSync(`${file}.lock`)).toBe(false);
  });

  it.runIf(existsSync('/proc/self/stat'))('knows a process number that came again', async () => {
    const other = spawn('sleep', ['60']);
    await once(other, 'spawn');
    writeFileSync(`${file}.lock`, `${hostname()}\n${other.pid!}\n1`);
    write(events[0]);
    writeFileSync(`${file}.lock`, `${hostname()}\n${process.pid}\n1`);
    write(events[1]);
    other.kill('SIGKILL');
  });

  it('cannot tell of another host, and takes over what is no lock', () => {
    writeFileSync(`${file}.lock`, 'elsewhere\n7\n');
    expect(() => openJournalFile(file)).toThrow(
      `process 7 on elsewhere: wait for it, or delete ${file}.lock`,
    );
    writeFileSync(`${file}.lock`, '');
    write(events[0]);
    expect(existsSync(`${file}.lock`)).toBe(false);
  });
});
