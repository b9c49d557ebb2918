/**
 * Each section says what its artifacts hold, to the last digit shown; hostile texts stay texts; what is
 * missing is named.
 */
import { rmSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  NOTHING,
  ACCURACY,
  HOSTILE,
  METHODS,
  PAIR,
  temporaryFolder,
  writeEverything,
} from '../../test/generated.js';
import { readArtifacts, type Artifacts } from '../artifacts/artifacts.js';
import type { Figure } from '../page/figure.js';
import { escaped } from '../page/html.js';
import type { Section } from '../page/section.js';
import { distributionSection } from './distribution.js';
import { driftSection } from './drift.js';
import { flipsSection } from './flips.js';
import { matrixSection } from './matrix.js';
import { projectionSection } from './projection.js';
import { provenanceSection } from './provenance.js';
import { searchesSection } from './searches.js';
import { shiftsSection } from './shifts.js';
import { tablesSection } from './tables.js';
import { trainingSection } from './training.js';

let artifacts: Artifacts;
let folder: string;

beforeAll(async () => {
  folder = await writeEverything(temporaryFolder());
  artifacts = await readArtifacts([folder]);
});

afterAll(() => rmSync(folder, { recursive: true }));

function markupOf({ parts }: Section): string {
  return parts.map((part) => ('markup' in part ? part.markup : '')).join('');
}

function figuresOf({ parts }: Section): Figure[] {
  return parts.flatMap((part) => ('markup' in part ? [] : [part]));
}

/** The texts of a table's cells, row by row. */
function cellsOf(markup: string, id: string): string[][] {
  const [, body = ''] =
    new RegExp(`<table id="${id}"[\\s\\S]*?<tbody>([\\s\\S]*?)</tbody>`).exec(markup) ?? [];
  const plain = (cell: string): string =>
    cell
      .replaceAll(/<[^>]*>/g, '')
      .replaceAll(/\s+/g, ' ')
      .trim();
  return [...body.matchAll(/<tr>([\s\S]*?)<\/tr>/g)].map(([, row = '']) =>
    [...row.matchAll(/<t[hd][^>]*>([\s\S]*?)<\/t[hd]>/g)].map(([, cell = '']) => plain(cell)),
  );
}

const mean = (values: readonly number[]): number => values.reduce((sum, one) => sum + one, 0) / values.length;

describe('tables', () => {
  it('1: a task trained alone, beside the paper’s', () => {
    const rows = cellsOf(markupOf(tablesSection(artifacts)), 'table-1');
    expect(rows[0]).toEqual(['river', '0.917', '–not in the paper', 'trained alone, 2 runs']);
    expect(rows[1]).toEqual(['lake', '0.861', '–not in the paper', 'trained alone, 2 runs']);
    expect(rows).toContainEqual(['SST2', '–not measured here', '0.925', '']);
  });

  it('2: p_o and p_s of each method, then the paper’s, with averages', () => {
    const rows = cellsOf(markupOf(tablesSection(artifacts)), 'table-2');
    for (const method of METHODS) {
      const [, original = NaN, shifted = NaN] = ACCURACY[method] ?? [];
      const two = `${original.toFixed(3)} – ${shifted.toFixed(3)}`;
      const row = rows.find(([name]) => name === method);
      expect(row?.slice(0, 3)).toEqual([method, 'here', two]);
      expect(row?.at(-1)).toBe(two);
    }
    expect(rows.find(([name]) => name === 'BERTcL (distribution)')?.slice(3)).toEqual([
      ...['0.923 – 0.853', '0.765 – 0.910', '0.877 – 0.838', '0.767 – 0.892', '0.833 – 0.873'],
    ]);
  });

  it('2: a pair of the paper’s shares its column', () => {
    const rename = <Row extends { pair: string }>(rows: readonly Row[]) =>
      rows.map((row) => ({ ...row, pair: 'SST-2 → MRPC' }));
    const section = tablesSection({
      ...artifacts,
      evaluation: rename(artifacts.evaluation).map((row) => ({ ...row, original: 'SST-2', shifted: 'MRPC' })),
      summary: rename(artifacts.summary),
    });
    const rows = cellsOf(markupOf(section), 'table-2');
    expect(rows.find(([name]) => name === 'flat')?.[2]).toBe('0.731 – 0.845');
    expect(rows.find(([name]) => name === 'BERT base (flat)')?.[2]).toBe('0.904 – 0.860');
    expect(rows[0]).toHaveLength(2 + 4 + 1);
  });

  it('3: pairs without a search of their own', () => {
    const other = 'lake → sea';
    const section = tablesSection({
      ...artifacts,
      evaluation: [
        ...artifacts.evaluation,
        ...artifacts.evaluation
          .filter(({ method }) => method === 'flat')
          .map((row) => ({ ...row, pair: other, original: 'lake', shifted: 'sea' })),
      ],
      summary: [
        ...artifacts.summary,
        ...artifacts.summary
          .filter(({ method }) => method === 'flat')
          .map((row) => ({ ...row, pair: other })),
      ],
    });
    expect(cellsOf(markupOf(section), 'table-3')[0]?.slice(0, 3)).toEqual(['flat', 'here', '0.731 – 0.845']);
    expect(cellsOf(markupOf(section), 'table-2')[0]?.[2]).toBe('0.731 – 0.845');
  });

  it('4: before and after a cut, with their intervals, beside the paper’s', () => {
    const rows = cellsOf(markupOf(tablesSection(artifacts)), 'table-4');
    expect(rows[0]).toEqual([
      ...['SST-2', 'sentence length', '0.876 (0.865 to 0.888)', '0.864 (0.853 to 0.875)', '0.931 – 0.933'],
    ]);
    expect(rows).toHaveLength(5);
  });

  it('ranks where there are enough pairs, and why not where there are not', () => {
    const markup = markupOf(tablesSection(artifacts));
    expect(cellsOf(markup, 'ranks-accuracy-original')).toEqual([
      ['distribution', '1.38'],
      ['flat', '2.63'],
    ]);
    expect(markup).toContain('ranks that differ by less than 1.66 are not told apart; Friedman p = 0.004');
    expect(markup.replaceAll(/\s+/g, ' ')).toContain(
      'No ranking by reward: a ranking needs at least 8 pairs, and there are 2.',
    );
  });

  it('all measures and comparisons, and reasons where there is no value', () => {
    const [first] = artifacts.summary;
    const reason = 'the head was not trained';
    const section = tablesSection({
      ...artifacts,
      summary: [{ ...first!, mean: null, low: null, high: null, reason }, ...artifacts.summary.slice(1)],
    });
    const rows = cellsOf(markupOf(section), 'measures');
    expect(rows[0]).toEqual(['flat', PAIR, 'accuracy original before', `–${reason}`, `–${reason}`, '2']);
    expect(rows).toContainEqual(['flat', PAIR, 'forgetting', '0.181', '0.160 to 0.203', '2']);
    expect(cellsOf(markupOf(section), 'comparisons')[0]).toEqual([
      ...[PAIR, 'distribution', 'flat', 'accuracy original', '+0.113', '0.062 to 0.165', '0.002', '100'],
    ]);
  });
});

describe('figures carry what they draw', () => {
  it('1: points by cluster and by label, without texts', () => {
    const [cluster, label] = figuresOf(projectionSection(artifacts));
    expect(cluster?.data['cluster']).toHaveLength(12);
    expect(Array.from(label?.data['label'] ?? []).slice(0, 2)).toEqual(['down', 'up']);
    expect(label?.data['x']?.[5]).toBe(Math.cos(5));
    expect(JSON.stringify(label?.data)).not.toContain('river');
  });

  it('1: of many rows an even share', () => {
    const [one] = artifacts.projections;
    const rows = Array.from({ length: 4000 }, (_, i) => ({ ...one!.rows[0]!, index: i }));
    const [figure] = figuresOf(projectionSection({ ...artifacts, projections: [{ ...one!, rows }] }));
    const indices = Array.from(figure?.data['index'] ?? []).map(Number);
    expect(indices).toHaveLength(1500);
    expect(mean(indices)).toBeCloseTo(2000, -1);
    expect(figure?.caption).toContain('1500 of 12 rows');
  });

  it('2: the combined rates with the band, each pair’s, and the flat rate of the evaluation', () => {
    const [figure] = figuresOf(distributionSection(artifacts));
    const [known] = artifacts.distributions;
    expect(figure?.data['rate']).toEqual(known?.distribution.rates);
    expect(figure?.data['rate of lake → sea']).toEqual(known?.distribution.perPair[1]?.rates);
    expect(JSON.stringify(figure?.chart.spec)).toContain('2e-5, flat');
  });

  it('training curves: a line a method, by phase, of the mean loss', () => {
    const figures = figuresOf(trainingSection(artifacts));
    expect(figures.map(({ id }) => id)).toEqual([
      'training-river-lake-first-phase-d-o',
      'training-river-lake-second-phase-d-s',
    ]);
    expect(Object.keys(figures[0]?.data ?? {})).toEqual(['percent of phase', ...METHODS]);
    expect(figures[0]?.data['flat']?.[10]).toBeCloseTo(0.35, 6);
  });

  it('training curves: long phases are averaged, and what diverged is named and not drawn', () => {
    const [run] = artifacts.runs;
    const steps = (loss: (step: number) => number) =>
      Array.from({ length: 80 }, (_, step) => ({ ...run!.history![0]!, step, loss: loss(step) }));
    const runs = [
      { ...run!, history: steps((step) => step) },
      { ...run!, of: { ...run!.of!, method: 'flat' }, history: steps((step) => (step < 70 ? 1 : NaN)) },
    ];
    const [figure] = figuresOf(trainingSection({ ...artifacts, runs }));
    expect(figure?.data['distribution']).toHaveLength(40);
    expect(figure?.data['distribution']?.[3]).toBe(6.5);
    expect(figure?.data['flat']).toBeUndefined();
    expect(figure?.caption).toContain('stopped being a number: flat');
  });

  it('training curves: of a sequence a figure a phase, also of a task that comes twice', () => {
    const [run] = artifacts.runs;
    const history = ['river', 'lake', 'river'].flatMap((phase, i) =>
      Array.from({ length: 5 }, (_, step) => ({ ...run!.history![0]!, phase, step, loss: i + 1 })),
    );
    const figures = figuresOf(trainingSection({ ...artifacts, runs: [{ ...run!, result: null, history }] }));
    expect(figures.map(({ data }) => Array.from(data['distribution'] ?? [])[4])).toEqual([1, 2, 3]);
    expect(figures[2]?.caption).toContain('phase 3 (river)');
  });

  it('drift: means over seeds of weights by group and of CKA by layer', () => {
    const figures = figuresOf(driftSection(artifacts));
    expect(figures.map(({ id }) => id)).toEqual([
      ...[
        'drift-weight-change-river-lake-original',
        'drift-weight-change-river-lake-shifted',
        'drift-cka-river-lake-shifted',
      ],
    ]);
    expect(figures[1]?.data['layer group']).toEqual(['embeddings', 'layer 0', 'head']);
    expect(figures[1]?.data['flat']?.[1]).toBeCloseTo(0.02 + 0.0015, 12);
    expect(figures[2]?.data['distribution']?.[0]).toBeCloseTo(0.11 + 0.0015, 12);
  });

  it('searches: whole runs, the best so far, and the comparison with the control', () => {
    const section = searchesSection(artifacts);
    const [figure] = figuresOf(section);
    expect(figure?.data['best so far']).toEqual([1.61, 1.61, 1.6723, 1.6723]);
    expect(cellsOf(markupOf(section), 'search-outcomes')).toEqual([
      ['search', PAIR, '4', '160', '2', '1.6723', '1.6517 (1.6211 to 1.6823)', 'trials'],
    ]);
    expect(cellsOf(markupOf(section), 'search-controls')[0]?.slice(2)).toEqual([
      ...['1.6517', '1.6619', '−0.0102', '−0.0431 to 0.0227'],
    ]);
  });
});

it('the accuracy matrix has means below the diagonal and reasons above it', () => {
  expect(cellsOf(markupOf(matrixSection(artifacts)), 'matrix-flat-river-lake-sea')).toEqual([
    ['1 (river)', '0.900', '–it has no head before its phase', '–it has no head before its phase'],
    ['2 (lake)', '0.839', '0.900', '–it has no head before its phase'],
    ['3 (sea)', '0.777', '0.839', '0.900'],
  ]);
});

it('flips are counted both ways and their texts shown, a hostile one as text', () => {
  const markup = markupOf(flipsSection(artifacts));
  expect(cellsOf(markup, 'flip-counts')).toEqual([[PAIR, 'flat', '2.0', '1.0', '1']]);
  expect(cellsOf(markup, 'flips-river-lake-flat')[0]).toEqual([
    ...['right → wrong', '3', 'the old river rose', 'up', 'up', 'down'],
  ]);
  expect(markup).toContain(escaped(HOSTILE));
  expect(markup).not.toContain('</script>');
  expect(markup).not.toContain('<img');
});

it('an evaluation in which no answer changed is not one that is missing', () => {
  const markup = markupOf(flipsSection({ ...artifacts, flips: [] }));
  expect(markup).toContain('In no run did an answer');
  expect(markup).not.toContain('class="missing"');
});

it('of many flips some are shown and the others counted', () => {
  const flips = Array.from({ length: 5000 }, (_, index) => ({ ...artifacts.flips[0]!, index }));
  const markup = markupOf(flipsSection({ ...artifacts, flips }));
  expect(cellsOf(markup, 'flips-river-lake-flat')).toHaveLength(750);
  expect(markup).toContain('4250 more are in flips.arrow');
});

it('shifts have their measures and the words of their reading', () => {
  const markup = markupOf(shiftsSection(artifacts));
  expect(cellsOf(markup, 'shift-shift-summary-length')[1]).toEqual([
    ...['dev', '60', '50', '0.0246', '0.010', '0.812 (0.741 to 0.861)', '1.25 (0.96 to 1.45)'],
  ]);
  expect(markup).toContain('<li>this is a shift</li>');
});

it('shifts of clusters have no p-value', () => {
  const [one] = artifacts.shiftSummaries;
  const clusters = { ...one!, metadata: { ...one!.metadata, kind: 'cluster' } };
  const markup = markupOf(shiftsSection({ ...artifacts, shiftSummaries: [clusters] }));
  expect(cellsOf(markup, 'shift-shift-summary-length')[1]?.[4]).toBe('no finding');
});

it('provenance has command, seed, versions and digests', () => {
  const markup = markupOf(provenanceSection(artifacts));
  expect(cellsOf(markup, 'manifests')[0]?.slice(0, 4)).toEqual([
    'evaluation',
    'evaluation',
    '7',
    '1970-01-01 00:00:00',
  ]);
  expect(cellsOf(markup, 'versions')).toContainEqual(['onnxruntime-node', '1.30.0']);
  expect(markup).toContain(
    'npx layerwise evaluate \\\n  --methods flat,flat-tuned,distribution,single \\\n  --seeds 1,2',
  );
  expect(markup).toContain('a'.repeat(64));
  const run = {
    ...artifacts.manifests[0]!,
    label: 'a run',
    folder: `${artifacts.manifests[0]!.folder}/runs/1`,
  };
  expect(markupOf(provenanceSection({ ...artifacts, manifests: [...artifacts.manifests, run] }))).toContain(
    'Made with evaluation, by its command.',
  );
  const digest = artifacts.manifests[0]?.manifest.outputs[1]?.digest ?? '?';
  expect(markup).toContain(digest);
});

it.each([
  [tablesSection, 'npx layerwise evaluate'],
  [projectionSection, 'npx layerwise stage projection'],
  [distributionSection, 'npx layerwise combine'],
  [trainingSection, 'npx layerwise finetune'],
  [matrixSection, 'npx layerwise finetune --sequence'],
  [driftSection, 'npx layerwise evaluate'],
  [flipsSection, 'npx layerwise evaluate'],
  [shiftsSection, 'npx layerwise stage shift-summary'],
  [searchesSection, 'npx layerwise search'],
  [provenanceSection, 'npx layerwise stage'],
])('without artifacts, %o says what makes them', (section, command) => {
  const { parts, title } = section(NOTHING);
  expect(title).not.toBe('');
  expect(markupOf(section(NOTHING))).toMatch(
    new RegExp(`class="missing"[\\s\\S]*<code>${command}[^<]*</code> makes it\\.`),
  );
  expect(parts.every((part) => 'markup' in part)).toBe(true);
});
