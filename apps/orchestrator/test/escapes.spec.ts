/** What a terminal would obey, in words of others: it is shown and not obeyed, wherever it leaves. */
import { PassThrough } from 'node:stream';
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Command } from 'commander';
import { describe, expect, it } from 'vitest';
import { InputError } from '@layerwise/errors';
import { createLiveLines } from '../src/progress/live-lines.js';
import { createMeter, type Screen } from '../src/progress/meter.js';
import { wholeProgress } from '../src/progress/whole.js';
import { action, runCommand } from '../src/running/run-command.js';
import { say, visibleStreams } from '../src/running/say.js';
import { layerwise, temporaryFolder } from './command.js';

/** Red, cleared, red by one 8-bit control, and written from right to left. */
const FOREIGN = 'x\u001b[31m\u001b[2J\u009b31m\u202ey\u007f';
const SHOWN = 'x\\u001b[31m\\u001b[2J\\u009b31m\\u202ey\\u007f';
const OBEYED = /(?!\n)[\p{Cc}\u2028\u2029\p{Bidi_Control}]/u;

describe('a command', () => {
  async function ran(words: string, fails: boolean): Promise<{ stdout: string; stderr: string }> {
    const written = { stdout: '', stderr: '' };
    const body = () => {
      if (fails) throw new InputError(`it is ${FOREIGN}.`);
      return { text: `one ${FOREIGN}\ntwo`, json: { [FOREIGN]: FOREIGN } };
    };
    const work = new Command('work').option('--json').option('--of <what>', 'help', FOREIGN).exitOverride();
    const streams = visibleStreams({
      stdout: (text) => void (written.stdout += text),
      stderr: (text) => void (written.stderr += text),
    });
    work.configureOutput({ writeOut: streams.stdout });
    await runCommand(
      new Command('layerwise').exitOverride().addCommand(work.action(action(body))),
      words.split(' '),
      streams,
    );
    expect(written.stdout + written.stderr).not.toMatch(OBEYED);
    return written;
  }

  it('shows its result', async () => {
    expect((await ran('work', false)).stdout).toBe(`one ${SHOWN}\ntwo\n`);
  });

  it('gives with --json the same value', async () => {
    const { stdout } = await ran('work --json', false);
    expect(JSON.parse(stdout)).toEqual({ [FOREIGN]: FOREIGN });
  });

  it('shows its sentence, also as JSON', async () => {
    expect((await ran('work', true)).stderr).toBe(`layerwise: it is ${SHOWN}.\n`);
    const { stdout, stderr } = await ran('work --json', true);
    expect([JSON.parse(stdout), stderr]).toEqual([
      { error: `it is ${FOREIGN}.` },
      `layerwise: it is ${SHOWN}.\n`,
    ]);
  });

  it('shows the defaults in its help', async () => {
    expect((await ran('work --help', false)).stdout).toContain(JSON.stringify(FOREIGN).slice(1, 3));
  });
});

describe('progress', () => {
  const written = (mode: Screen['mode'], show: (screen: Screen) => void): string => {
    const stream = new PassThrough();
    let seconds = 0;
    show({ mode, stream, now: () => (seconds += 100) });
    return String(stream.read());
  };

  it.each(['bar', 'lines'] as const)('of a meter, as %s', (mode) => {
    const text = written(mode, (screen) => {
      const meter = createMeter(screen, FOREIGN, 2);
      meter.update(2, `loss ${FOREIGN}`);
      meter.end();
    });
    expect(text).toContain(SHOWN);
    expect(text).not.toContain(FOREIGN.slice(0, 3));
    expect(text).not.toMatch(/[\u0080-\u009f\u202e]/);
  });

  it.each(['bar', 'lines'] as const)('of several lines, as %s', (mode) => {
    const text = written(mode, (screen) =>
      createLiveLines(screen, () => 200).show(
        () => [FOREIGN],
        () => FOREIGN,
        true,
      ),
    );
    expect(text).toContain(SHOWN);
    expect(text).not.toMatch(/[\u0080-\u009f\u202e]/);
  });

  it('of a whole preset, and of a stage', () => {
    const text = written('lines', (screen) => {
      const progress = wholeProgress(screen, 1, null);
      progress.begin(FOREIGN);
      progress.line(FOREIGN);
      say(FOREIGN, screen.stream);
    });
    expect(text).toContain(`${SHOWN}: ${SHOWN}\n${SHOWN}\n`);
    expect(text).not.toMatch(OBEYED);
  });
});

describe('the program', () => {
  it('shows keys of a preset', async () => {
    const file = join(temporaryFolder(), 'p.yaml');
    for (const [yaml, shown] of [
      ['"\\e[31mstage": {}', '\\u001b[31mstage'],
      ['"\\x9b31mstage": {}', '\\u009b31mstage'],
      ['search: {"\\u202eRED": 1}', '\\u202eRED'],
    ] as const) {
      writeFileSync(file, yaml);
      const { code, stderr } = await layerwise('plan', '--preset', file);
      expect([code, stderr.trim()]).toEqual([2, expect.stringContaining(shown)]);
      expect(stderr).not.toMatch(OBEYED);
    }
  });

  it("shows a config's model_type", async () => {
    const folder = join(temporaryFolder(), 'm');
    mkdirSync(folder);
    writeFileSync(join(folder, 'config.json'), JSON.stringify({ model_type: FOREIGN }));
    const { code, stdout, stderr } = await layerwise('groups', '--encoder', folder, '--json');
    expect(code).toBe(2);
    expect(stderr).toContain(SHOWN);
    expect(stdout + stderr).not.toMatch(OBEYED);
    expect((JSON.parse(stdout) as { error: string }).error).toContain(FOREIGN);
  });

  it('shows what libraries say on the console', async () => {
    await layerwise('--version');
    const said: string[] = [];
    const write = process.stderr.write.bind(process.stderr);
    process.stderr.write = (text: string | Uint8Array) => (said.push(String(text)), true);
    try {
      console.warn('unknown tokeniser "%s"', FOREIGN);
      console.log(FOREIGN);
    } finally {
      process.stderr.write = write;
    }
    expect(said).toEqual([`unknown tokeniser "${SHOWN}"\n`, `${SHOWN}\n`]);
  });

  it('has no other way out', () => {
    const src = join(import.meta.dirname, '../src');
    const files = readdirSync(src, { recursive: true, encoding: 'utf8' }).filter((file) =>
      file.endsWith('.ts'),
    );
    const writing = files.filter((file) =>
      /\b(stdout|stderr|stream)\.write\(|\bconsole\./.test(readFileSync(join(src, file), 'utf8')),
    );
    // `say.ts` is the way out. `live-lines.ts` draws codes of its own around text that it makes visible;
    // `write-answers.ts` makes text visible and waits for its reader.
    expect(writing.sort()).toEqual(['progress/live-lines.ts', 'running/say.ts', 'running/write-answers.ts']);
  });
});
