/**
 * docs/search-command.md and docs/examples/: the conversation that the page shows is held, and the Python
 * programs run, where there is a Python (`python3`, or LAYERWISE_PYTHON, which may have PyTorch too).
 */
import { execFile, execFileSync } from 'node:child_process';
import { copyFileSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { COMMAND_OBJECTIVE_MODULE, type RunEnd, type RunRequest } from '@layerwise/search';
import { createProcessExecutor } from '@layerwise/workers';
import { describe, expect, it } from 'vitest';
import { temporaryFolder } from './command.js';
import { layerwiseScript, startStudy, type Json } from './study-process.js';

const docs = resolve(import.meta.dirname, '../../../docs');
const page = readFileSync(join(docs, 'search-command.md'), 'utf8');
const blocks = (language: string): string[] =>
  [...page.matchAll(new RegExp(`\`\`\`${language}\\n([\\s\\S]*?)\`\`\``, 'g'))].map(([, text = '']) => text);

it('the conversation of the page is what the study says', async () => {
  const folder = temporaryFolder();
  const [space = ''] = blocks('json');
  const file = join(folder, 'space.json');
  writeFileSync(file, space);
  const words = /^npx layerwise study (.*)$/m.exec(page)?.[1]?.split(' ') ?? [];
  expect(words).toContain('rates.jsonl');
  const study = startStudy(...words.map((word) => (/\.jsonl?$/.test(word) ? join(folder, word) : word)));
  const lines = (blocks('text')[0] ?? '').trim().split('\n');
  expect(lines.length).toBeGreaterThan(9);
  for (const line of lines) {
    if (line.startsWith('> ')) study.tell(line.slice(2));
    else expectAlike(await study.ask(), JSON.parse(line.slice(2)));
  }
  expect(await study.end()).toEqual({ code: 0, rest: [], stderr: '' });
});

/** The same, but for the last digits of numbers, which another processor may round otherwise. */
function expectAlike(found: unknown, shown: unknown): void {
  const rounded = (_: string, value: unknown): unknown =>
    typeof value === 'number' ? Number(value.toPrecision(9)) : value;
  expect(JSON.stringify(found, rounded)).toBe(JSON.stringify(shown, rounded));
}

const python = process.env['LAYERWISE_PYTHON'] ?? 'python3';

function hasPython(imports: string): boolean {
  try {
    execFileSync(python, ['-c', imports], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

/** What a Python program prints that lies among the examples, started as a user with the command would. */
async function runPython(folder: string, ...words: string[]): Promise<string> {
  const LAYERWISE = `"${process.execPath}" "${layerwiseScript}"`;
  const { stdout } = await promisify(execFile)(python, words, {
    cwd: folder,
    env: { ...process.env, LAYERWISE },
  });
  return stdout;
}

function examplesIn(folder: string): string {
  for (const name of ['ask_tell.py', 'search_with_pytorch.py', 'train_command.py'])
    copyFileSync(join(docs, 'examples', name), join(folder, name));
  return folder;
}

it('the examples are short', () => {
  for (const name of ['ask_tell.py', 'search_with_pytorch.py'])
    expect(
      readFileSync(join(docs, 'examples', name), 'utf8')
        .trim()
        .split('\n').length,
      name,
    ).toBeLessThanOrEqual(40);
});

describe.skipIf(!hasPython('pass'))('in Python (set LAYERWISE_PYTHON where there is no python3)', () => {
  it('ask_tell.py finds the top of a hill, notes a failure, and goes on with its journal', async () => {
    const folder = examplesIn(temporaryFolder());
    writeFileSync(
      join(folder, 'hill.py'),
      `
import json, sys
from ask_tell import search
called = []
def train(values, run):
    called.append(run["trial"])
    if run["trial"] == 2:
        raise RuntimeError("CUDA out of memory")
    return float("nan") if run["trial"] == 3 else -(values["x"] - 0.3) ** 2
best = search({"x": {"type": "float", "low": -1, "high": 1}}, train, *sys.argv[1:])
print(json.dumps({"best": best, "called": called}))
`,
    );
    const run = async (trials: number) =>
      JSON.parse(
        await runPython(folder, 'hill.py', '--trials', String(trials), '--journal', 'my hill.jsonl'),
      ) as { best: { trial: number; reward: number }; called: number[] };
    const { best, called } = await run(12);
    expect(called).toEqual([...Array(12).keys()]);
    expect(best.reward).toBeGreaterThan(-0.01);
    const journal = readFileSync(join(folder, 'my hill.jsonl'), 'utf8');
    expect(journal).toContain('"type":"failed","trial":2,"message":"CUDA out of memory"');
    expect(journal).toContain('"type":"diverged","trial":3');
    const again = await run(14);
    expect(again.called).toEqual([12, 13]);
    expect(again.best.reward).toBeGreaterThanOrEqual(best.reward);
  });

  it('train_command.py trains to a rung, goes on from its checkpoint, and stops at SIGTERM with another', async () => {
    const folder = examplesIn(temporaryFolder());
    const configuration = { command: `"${python}" train_command.py`, directory: folder };
    const logFolder = join(folder, 'workers');
    const options = { module: COMMAND_OBJECTIVE_MODULE, configuration, workers: 1, logFolder };
    const own = join(folder, 'trial');
    mkdirSync(own);
    const job = (from: number, to: number) => {
      const values = { lr0: 3e-4, lr1: 1e-4 };
      return { id: 0, folder: own, input: { trial: 0, values, seed: 1, from, to, full: 200_000 } };
    };
    const executor = await createProcessExecutor<RunRequest, RunEnd>(options);
    const ended = async (): Promise<RunEnd> => {
      for (;;) {
        const event = await executor.next();
        if (event.kind === 'lost') throw new Error(event.reason);
        if (event.kind === 'end' && event.end.kind === 'done') return event.end.result;
      }
    };
    executor.start(job(0, 3));
    // By hand: the point is drawn to (1, 0) three times by 0.3 of its way, then once to (0, 1), by 0.3 and by
    // 0.1.
    const x = (1 - 0.7 ** 3) * 0.7;
    const nearness = [1 / (1 + (x - 1) ** 2 + 0.1 ** 2), 1 / (1 + x ** 2 + 0.9 ** 2)] as const;
    const first = await ended();
    expect(first).toMatchObject({ kind: 'measured', steps: 3 });
    if (first.kind !== 'measured') return;
    expect(first.measures['original']).toBeCloseTo(nearness[0], 12);
    expect(first.measures['shifted']).toBeCloseTo(nearness[1], 12);
    expect(first.reward).toBeCloseTo(nearness[0] + nearness[1], 12);

    executor.start(job(3, 200_000));
    await executor.next();
    await executor.stop(20_000);
    const stopped = await ended();
    const { epoch } = JSON.parse(readFileSync(join(own, 'checkpoint.json'), 'utf8')) as { epoch: number };
    expect(epoch).toBeGreaterThan(3);
    expect(stopped).toEqual({ kind: 'stopped', steps: epoch - 3 });
    expect(existsSync(join(own, 'command.process'))).toBe(false);
  });
});

describe.skipIf(!hasPython('import torch'))('with PyTorch (set LAYERWISE_PYTHON to one that has it)', () => {
  it('search_with_pytorch.py searches the rates of a network', async () => {
    const folder = examplesIn(temporaryFolder());
    const words = ['search_with_pytorch.py', '--trials', '8', '--journal', 'rates.jsonl'];
    const printed = await runPython(folder, ...words);
    const best = JSON.parse(printed.replaceAll("'", '"')) as Json & { values: number[]; reward: number };
    expect(best.values).toHaveLength(3);
    // Two accuracies, of which a coin would bring one in all.
    expect(best.reward).toBeGreaterThan(1.2);
    expect(best.reward).toBeLessThanOrEqual(2);
    // All is in the journal: the same again trains nothing.
    expect(await runPython(folder, ...words)).toBe(printed);
  });
});
