#!/usr/bin/env node
/**
 * How well the ranks of rungs agree with those of full runs, for each reading of a rung
 * (`libs/training/finetune/src/runs/rung.ts`): random rates a layer group and a few flat ones, each to 1/9,
 * 1/3 and the whole, on a real pair. Prints one JSON object; docs/results/rungs.md has what came out.
 *
 *   node tools/bench/rungs.mjs --original $GLUE/MRPC --shifted $GLUE/SST-2 --encoder DIR --out FILE
 *   [--configurations 14] \
 *     [--train-limit 1000] [--held-out 1000] [--epochs 3] [--seed 1] [--low 1e-6] [--high 1e-3]
 *
 * Each measurement is a line of FILE; the same command goes on from what is there, and --report alone prints
 * what there is. One thread (--threads); on more cores, several processes with --share 1/4, 2/4, … and a FILE
 * each, which joined are one. Needs a build. --designs leaves readings out.
 */
import { appendFileSync, existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { trainingChoices, trainingOptions } from '@layerwise/finetune/options';
import { costOf, createWork, openSearch } from '@layerwise/rate-search';
import { randomStream } from '@layerwise/search';
import { meanOf } from '@layerwise/statistics';
import { z } from 'zod';

const { values: options } = parseArgs({
  options: {
    original: { type: 'string' },
    shifted: { type: 'string' },
    encoder: { type: 'string' },
    out: { type: 'string' },
    configurations: { type: 'string', default: '14' },
    'train-limit': { type: 'string', default: '1000' },
    'held-out': { type: 'string', default: '1000' },
    epochs: { type: 'string', default: '3' },
    'max-length': { type: 'string', default: '128' },
    seed: { type: 'string', default: '1' },
    low: { type: 'string', default: '1e-6' },
    high: { type: 'string', default: '1e-3' },
    share: { type: 'string', default: '1/1' },
    threads: { type: 'string', default: '1' },
    designs: { type: 'string', default: 'resumed,cut,short' },
    report: { type: 'boolean', default: false },
  },
});
const { original, shifted, encoder, out } = options;
if ([original, shifted, encoder, out].includes(undefined)) {
  console.error('--original, --shifted, --encoder and --out are needed');
  process.exit(2);
}

const FULL = 9;
/** The whole run is the same for all: it is run under the first name alone. */
const DESIGNS = Object.fromEntries(
  Object.entries({ resumed: [1, 3, FULL], cut: [1, 3], short: [1, 3] }).filter(([design]) =>
    options.designs.split(',').includes(design),
  ),
);
/** Cut rungs follow the resumed ones in their folder, whose phase 1 is theirs. */
const ORDER = [
  [
    ['resumed', 0, 1],
    ['cut', 0, 1],
    ['resumed', 1, 3],
    ['cut', 1, 3],
    ['resumed', 3, FULL],
  ],
  [
    ['short', 0, 1],
    ['short', 0, 3],
  ],
];
const FLAT = [2e-5, 1e-4, 3e-4];

const training = {
  epochs: Number(options.epochs),
  maxLength: Number(options['max-length']),
  threads: Number(options.threads),
};
const configuration = (rung) => ({
  original,
  shifted,
  encoder,
  taskOptions: { original: {}, shifted: {} },
  trainLimit: Number(options['train-limit']),
  heldOut: Number(options['held-out']),
  choices: trainingChoices(z.object(trainingOptions).parse(training)),
  space: 'groups',
  rung,
  protocol: 'held-out',
  selectionSeed: Number(options.seed),
  checkpointEvery: 0,
  tokenFolder: null,
});

const opened = await openSearch(configuration('resumed'));
const { space } = opened.rateSpace;
const [low, high] = [Number(options.low), Number(options.high)];

/** Rates of a configuration: flat ones first, then log-uniform a group. */
function valuesOf(number) {
  const flat = FLAT[number];
  const { uniform } = randomStream(Number(options.seed), number, 'rates');
  return Object.fromEntries(space.names.map((name) => [name, flat ?? low * (high / low) ** uniform()]));
}

const lines = existsSync(out)
  ? readFileSync(out, 'utf8')
      .split('\n')
      .filter(Boolean)
      .map((line) => JSON.parse(line))
  : [];
const find = (number, design, to) =>
  lines.find(
    (line) => line.number === number && line.design === (to === FULL ? 'resumed' : design) && line.to === to,
  );

async function measure() {
  const [share, shares] = options.share.split('/').map(Number);
  for (let number = share - 1; number < Number(options.configurations); number += shares) {
    for (const runs of ORDER.map((all) => all.filter(([design]) => design in DESIGNS))) {
      if (runs.every(([design, , to]) => find(number, design, to))) continue;
      const folder = mkdtempSync(join(tmpdir(), 'layerwise-rungs-'));
      // Phase 1 in the folder; a rung that is measured already is left out, and the next one then starts
      // over, to the same end.
      let reached = 0;
      for (const [design, before, to] of runs) {
        if (find(number, design, to)) continue;
        const from = Math.min(before, reached);
        const objective = (objectives[design] ??= await createWork(configuration(design)));
        const began = performance.now();
        const request = { trial: number, values: valuesOf(number), seed: number + 1, from, to, full: FULL };
        const end = await objective(request, { folder, signal: never, progress: () => undefined });
        const seconds = (performance.now() - began) / 1000;
        const megabytes = process.resourceUsage().maxRSS / 1024;
        const line = { number, design, to, ...end, seconds, megabytes };
        lines.push(line);
        appendFileSync(out, `${JSON.stringify(line)}\n`);
        reached = to;
        console.error(
          `${number} ${design} ${to}/${FULL}: ${end.reward ?? end.message} in ${seconds.toFixed(0)} s`,
        );
      }
      rmSync(folder, { recursive: true });
    }
  }
}
const never = new globalThis.AbortController().signal;
const objectives = {};
if (!options.report) await measure();

/** Places of the values, from 1, ties in the middle of theirs. */
function ranks(values) {
  return values.map((value) => {
    const below = values.filter((other) => other < value).length;
    const equal = values.filter((other) => other === value).length;
    return below + (equal + 1) / 2;
  });
}

/** Spearman's: Pearson's correlation of the ranks. */
function rankCorrelation(a, b) {
  const [x, y] = [a, b].map((values) => {
    const ranked = ranks(values);
    return ranked.map((rank) => rank - meanOf(ranked));
  });
  const dot = (u, v) => u.reduce((sum, value, place) => sum + value * v[place], 0);
  return dot(x, y) / Math.sqrt(dot(x, x) * dot(y, y));
}

/** Percentile bootstrap over configurations, 95 %. */
function interval(a, b) {
  const { uniform } = randomStream(Number(options.seed), 0, 'bootstrap');
  const drawn = Array.from({ length: 2000 }, () => {
    const places = a.map(() => Math.floor(uniform() * a.length));
    return rankCorrelation(
      places.map((place) => a[place]),
      places.map((place) => b[place]),
    );
  }).filter(Number.isFinite);
  drawn.sort((u, v) => u - v);
  return [drawn[Math.floor(0.025 * drawn.length)], drawn[Math.floor(0.975 * drawn.length)]];
}

/** Of the best third of whole runs, the share in the best third of a rung: what halving by three keeps. */
function kept(rung, whole) {
  const third = Math.ceil(whole.length / 3);
  const best = (values) => [...values.keys()].sort((u, v) => values[v] - values[u]).slice(0, third);
  const survivors = new Set(best(rung));
  return best(whole).filter((place) => survivors.has(place)).length / third;
}

/** A diverged run ranks below all. */
const scoreOf = (line, measure) =>
  line.kind !== 'measured' ? -1 : measure === 'reward' ? line.reward : line.measures[measure];

const complete = Array.from({ length: Number(options.configurations) }, (_, number) => number).filter(
  (number) =>
    Object.entries(DESIGNS).every(([design, rungs]) => rungs.every((to) => find(number, design, to))),
);
const column = (design, to, measure) => complete.map((number) => scoreOf(find(number, design, to), measure));
const round = (value) => Math.round(value * 1000) / 1000;
const rows = Object.entries(DESIGNS).flatMap(([design, rungs]) =>
  rungs
    .filter((to) => to < FULL)
    .map((to) => {
      const whole = column('resumed', FULL, 'reward');
      const reward = column(design, to, 'reward');
      const agreement = Object.fromEntries(
        ['reward', 'original', 'shifted'].map((measure) => [
          measure,
          round(rankCorrelation(column(design, to, measure), column('resumed', FULL, measure))),
        ]),
      );
      const alone = column(design, to, 'originalBefore');
      const cost = costOf(opened.lengths, design);
      const before = to === 1 ? 0 : 1;
      return {
        design,
        rung: `${to}/${FULL}`,
        stepsFromRungBefore: cost(before, to, FULL),
        agreement,
        rewardInterval: interval(reward, whole).map(round),
        bestThirdKept: round(kept(reward, whole)),
        // As the paper's rungs: p_o before phase 2 against the whole run's reward.
        originalAlone: {
          agreement: round(rankCorrelation(alone, whole)),
          bestThirdKept: round(kept(alone, whole)),
        },
      };
    }),
);
const whole = complete.map((number) => ({
  number,
  rates: opened.rateSpace.rates(space.names.map((name) => valuesOf(number)[name])),
  ...find(number, 'resumed', FULL)?.measures,
}));
console.log(
  JSON.stringify({
    configurations: complete.length,
    lengths: opened.lengths,
    chosenOn: { original: opened.tasks.original.chosenOn, shifted: opened.tasks.shifted.chosenOn },
    rows,
    whole,
  }),
);
