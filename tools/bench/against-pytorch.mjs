#!/usr/bin/env node
/**
 * Times this program and PyTorch in turn, on the same machine and cores, and prints a table of medians and ratios.
 *
 *   node tools/bench/against-pytorch.mjs step     --python PYTHON --peer torch_step.py     [--runs 5] [--shapes 12x768x12,6x384x12] [--length 64]
 *   node tools/bench/against-pytorch.mjs finetune --python PYTHON --peer torch_finetune.py [--runs 5] --encoder DIR --data GLUE
 *        [--train-limit 2000] [--epochs 1] [--rates 1e-4] [--padding batch]
 *
 * The peers are scripts of the reader's own: `step` is called with one JSON argument {L,H,A,B,T,steps,threads} and prints JSON with
 * median_ms and rss_mb; `finetune` with {encoder,original,shifted,data,rates,epochs,train,seed,threads,padding} and prints JSON with
 * first.seconds, second.seconds and rss_mb. Runs alternate, so that a machine whose speed drifts is drifting for both.
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';

const root = join(import.meta.dirname, '..', '..');
const { positionals, values } = parseArgs({
  allowPositionals: true,
  options: {
    python: { type: 'string' },
    peer: { type: 'string' },
    runs: { type: 'string', default: '5' },
    shapes: { type: 'string', default: '12x768x12,6x384x12,4x256x4,2x128x2' },
    length: { type: 'string', default: '64' },
    steps: { type: 'string', default: '14' },
    threads: { type: 'string', default: '2' },
    encoder: { type: 'string' },
    data: { type: 'string' },
    original: { type: 'string', default: 'SST-2' },
    shifted: { type: 'string', default: 'MRPC' },
    'train-limit': { type: 'string', default: '2000' },
    epochs: { type: 'string', default: '1' },
    rates: { type: 'string', default: '1e-4' },
    padding: { type: 'string', default: 'batch' },
  },
});

const median = (numbers) => [...numbers].sort((a, b) => a - b)[Math.floor(numbers.length / 2)];
const number = (value, digits = 0) => value.toFixed(digits);

/** Runs a command and gives the JSON on its last line of output, and the seconds it took as a whole. */
function measured(command, args) {
  const started = performance.now();
  const { status, stdout, stderr } = spawnSync(command, args, { encoding: 'utf8', maxBuffer: 2 ** 26 });
  if (status !== 0) throw new Error(`${command} failed: ${stderr.trim().split('\n').at(-1) ?? ''}`);
  return {
    ...JSON.parse(stdout.trim().split('\n').at(-1)),
    wholeSeconds: (performance.now() - started) / 1000,
  };
}

const ours = (...args) =>
  measured(process.execPath, [join(root, 'apps/orchestrator/bin/layerwise.js'), ...args, '--json']);
const theirs = (settings) => measured(values.python, [values.peer, JSON.stringify(settings)]);

function printTable(header, rows) {
  const widths = header.map((cell, column) =>
    Math.max(cell.length, ...rows.map((row) => row[column].length)),
  );
  const line = (cells) => `| ${cells.map((cell, column) => cell.padEnd(widths[column])).join(' | ')} |`;
  console.log([line(header), line(widths.map((width) => '-'.repeat(width))), ...rows.map(line)].join('\n'));
}

function benchSteps() {
  const rows = values.shapes.split(',').map((shape) => {
    const [layers, hidden, heads] = shape.split('x').map(Number);
    const [mine, peer] = [[], []];
    for (let run = 0; run < Number(values.runs); run++) {
      const size = ['--layers', layers, '--hidden', hidden, '--heads', heads, '--batch', 16].map(String);
      mine.push(
        ours(
          'bench',
          'step',
          ...size,
          '--length',
          values.length,
          '--steps',
          values.steps,
          '--threads',
          values.threads,
        ),
      );
      const settings = {
        L: layers,
        H: hidden,
        A: heads,
        B: 16,
        T: Number(values.length),
        steps: Number(values.steps),
      };
      peer.push(theirs({ ...settings, threads: Number(values.threads) }));
    }
    const [a, b] = [median(mine.map((run) => run.medianMs)), median(peer.map((run) => run.median_ms))];
    const [m, n] = [median(mine.map((run) => run.peakMemoryMb)), median(peer.map((run) => run.rss_mb))];
    return [
      `${layers} × ${hidden}`,
      number(a, 1),
      number(b, 1),
      number(a / b, 2),
      number(m),
      number(n),
      number(m / n, 2),
    ];
  });
  printTable(
    ['encoder', 'layerwise ms', 'PyTorch ms', 'ratio', 'layerwise MiB', 'PyTorch MiB', 'ratio'],
    rows,
  );
}

function benchFinetune() {
  const [mine, peer] = [[], []];
  for (let run = 0; run < Number(values.runs); run++) {
    const out = mkdtempSync(join(tmpdir(), 'layerwise-bench-'));
    const tasks = [
      '--original',
      join(values.data, values.original),
      '--shifted',
      join(values.data, values.shifted),
    ];
    const size = ['--train-limit', values['train-limit'], '--epochs', values.epochs, '--rates', values.rates];
    const fixed = [
      '--encoder',
      values.encoder,
      '--seed',
      String(run + 1),
      '--threads',
      values.threads,
      '--out',
      join(out, 'run'),
    ];
    mine.push(ours('finetune', ...tasks, ...size, ...fixed));
    rmSync(out, { recursive: true, force: true });
    const { encoder, data, original, shifted, padding } = values;
    const rates = Array(10).fill(Number(values.rates));
    const counts = {
      epochs: Number(values.epochs),
      train: Number(values['train-limit']),
      seed: run + 1,
      threads: Number(values.threads),
    };
    peer.push(theirs({ encoder, data, original, shifted, padding, rates, ...counts }));
  }
  const figures = [
    ['first phase, s', (run) => run.secondsOriginal, (run) => run.first.seconds],
    ['second phase, s', (run) => run.secondsShifted, (run) => run.second.seconds],
    [
      'both phases, s',
      (run) => run.secondsOriginal + run.secondsShifted,
      (run) => run.first.seconds + run.second.seconds,
    ],
    ['whole command, s', (run) => run.wholeSeconds, (run) => run.wholeSeconds],
    ['peak memory, MiB', (run) => run.peakMemoryMb, (run) => run.rss_mb],
  ];
  const rows = figures.map(([name, mineOf, peerOf]) => {
    const [a, b] = [median(mine.map(mineOf)), median(peer.map(peerOf))];
    return [name, number(a, 1), number(b, 1), number(a / b, 2)];
  });
  printTable(['figure', 'layerwise', `PyTorch, padding ${values.padding}`, 'ratio'], rows);
}

const benchmarks = { step: benchSteps, finetune: benchFinetune };
const benchmark = benchmarks[positionals[0]];
if (!benchmark || !values.python || !values.peer) {
  console.error(
    'usage: against-pytorch.mjs step|finetune --python PYTHON --peer SCRIPT [options]; see the head of this file.',
  );
  process.exitCode = 2;
} else {
  console.log(
    `${new Date().toISOString().slice(0, 10)}, ${cpus().length} × ${cpus()[0]?.model.trim()}, Node ${process.versions.node}, medians of ${values.runs} runs in turn`,
  );
  benchmark();
}
