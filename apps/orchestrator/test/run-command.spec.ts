/** Exit codes, sentences and JSON of the command line, whatever the command. */
import { Command } from 'commander';
import { describe, expect, it } from 'vitest';
import { InputError } from '@layerwise/errors';
import { createProgram } from '../src/main.js';
import { action, runCommand, type Outcome } from '../src/running/run-command.js';

interface Ran {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs words with a program of one command `work`, or with the real program. */
async function run(words: string, body?: () => Outcome | Promise<Outcome>): Promise<Ran> {
  const written = { stdout: '', stderr: '' };
  const streams = {
    stdout: (text: string) => void (written.stdout += text),
    stderr: (text: string) => void (written.stderr += text),
  };
  const program =
    body === undefined
      ? await createProgram(streams)
      : new Command('layerwise').addCommand(new Command('work').option('--json').action(action(body)));
  const argv = words.split(' ').filter((word) => word !== '');
  return { code: await runCommand(program, argv, streams), ...written };
}

const throwing = (error: Error) => (): Outcome => {
  throw error;
};

describe('a command that works', () => {
  const done = (): Outcome => ({ text: 'three rows', json: { rows: 3 } });

  it('prints for people', async () => {
    expect(await run('work', done)).toEqual({ code: 0, stdout: 'three rows\n', stderr: '' });
  });

  it('prints one JSON object with --json', async () => {
    expect(await run('work --json', done)).toEqual({ code: 0, stdout: '{"rows":3}\n', stderr: '' });
  });

  it('prints one JSON object a line of a list', async () => {
    const list = (json: object[]) => run('work --json', () => ({ text: '', json }));
    expect(await list([{ row: 1 }, { row: 2 }])).toMatchObject({ code: 0, stdout: '{"row":1}\n{"row":2}\n' });
    expect(await list([])).toMatchObject({ code: 0, stdout: '' });
  });

  it('may say no with exit code 1', async () => {
    const { code, stdout } = await run('work', () => ({ text: 'too far off', json: {}, exitCode: 1 }));
    expect([code, stdout]).toEqual([1, 'too far off\n']);
  });
});

describe('a command that fails', () => {
  it('says bad input in one sentence and exits with 2', async () => {
    const { code, stdout, stderr } = await run('work', throwing(new InputError('a.tsv, line 3: no label.')));
    expect([code, stdout, stderr]).toEqual([2, '', 'layerwise: a.tsv, line 3: no label.\n']);
  });

  it('exits with 1 for any other error, its message on one line, without a stack', async () => {
    const { code, stderr } = await run('work', throwing(new Error('the disk\n is full')));
    expect([code, stderr]).toEqual([1, 'layerwise: the disk is full\n']);
  });

  it('says where to look when it is a fault of the program', async () => {
    const { code, stderr } = await run('work', throwing(new TypeError('x is undefined')));
    expect(code).toBe(1);
    expect(stderr).toContain('LAYERWISE_DEBUG=1');
    expect(stderr).not.toContain('run-command.spec');
  });

  it('gives {"error"} on stdout with --json, and the sentence on stderr too', async () => {
    const { code, stdout, stderr } = await run('work --json', throwing(new InputError('no label.')));
    expect([code, stdout, stderr]).toEqual([2, '{"error":"no label."}\n', 'layerwise: no label.\n']);
  });
});

describe('wrong use', () => {
  const folders = '--original a --shifted b --encoder c';

  it.each([
    ['finetun', "unknown command 'finetun' (did you mean finetune?)"],
    [`finetune ${folders} --epoch 3`, "unknown option '--epoch' (did you mean --epochs?)"],
    [
      'search --out a --repeats 3x3',
      'there is no --repeats any more; give --repeats-best N and --repeats-seeds N',
    ],
    [
      'study --space a --repeats=3x3',
      'there is no --repeats any more; give --repeats-best N and --repeats-seeds',
    ],
    [`finetune ${folders} --repeats 3`, "unknown option '--repeats'"],
    [`finetune ${folders} --format xml`, "option '--format <name>' argument 'xml' is invalid."],
    ['finetune --original a', "required option '--encoder <dir>' not specified"],
    ['finetune --original a --encoder c', '--shifted is missing: give both tasks, or --pair'],
    [
      `finetune ${folders} --pair d`,
      '--pair names both tasks; leave out --original and --shifted, or --pair.',
    ],
    ['finetune --pair d --encoder c', 'd is not a pair of tasks: it has no original/train.arrow.'],
    [`finetune ${folders} --epochs 0`, '--epochs must be a whole number of at least 1, not "0".'],
    [`finetune ${folders} --batch 1.5`, '--batch must be a whole number of at least 1, not "1.5".'],
    [`finetune ${folders} --dropout 1`, '--dropout must be a number from 0 to below 1, not "1".'],
    [`finetune ${folders} --clip-norm -1`, '--clip-norm must be a number of at least 0, not "-1".'],
    [`finetune ${folders} --weight-decay 0x1`, '--weight-decay must be a number of at least 0, not "0x1".'],
    [`finetune ${folders} --weight-decay 0.1`, '--weight-decay belongs to --optimizer adamw'],
    [`finetune ${folders} --engine torch`, "option '--engine <name>' argument 'torch' is invalid."],
    ['verify a b', "too many arguments for 'verify'."],
    ['stage nothing', 'there is no stage "nothing"'],
    ['stage', 'name a stage; `layerwise stage --list` says which there are.'],
  ])('%s', async (words, sentence) => {
    const { code, stdout, stderr } = await run(words);
    expect([code, stdout]).toEqual([2, '']);
    expect(stderr).toContain(`layerwise: ${sentence}`);
    expect(stderr.trim().split('\n')).toHaveLength(1);
  });

  it.each(['', 'bench', 'fetch'])('"%s" alone prints the help on stderr', async (words) => {
    const { code, stdout, stderr } = await run(words);
    expect([code, stdout]).toEqual([2, '']);
    expect(stderr).toContain('Usage: layerwise');
  });
});

it.each(['--help', 'finetune --help', 'bench step --help', '--version'])('%s exits with 0', async (words) => {
  const { code, stdout, stderr } = await run(words);
  expect([code, stderr]).toEqual([0, '']);
  expect(stdout).toMatch(/Usage: layerwise|^\d+\.\d+\.\d+/);
});
