/**
 * The protocol against PyTorch: the same texts, heads and rates give the same losses at every step and the
 * same logits.
 */
import { describe, expect, it } from 'vitest';
import { PHASES, stepRows, type Evaluation } from '../src/index.js';
import {
  largestDifference,
  lossesOf,
  prepare,
  protocol,
  reference,
  setHeads,
  settingsOf,
  TASKS,
  temporaryFolder,
} from './tiny-run.js';

describe.each(reference.runs)(
  '$name, $accumulate × $batch texts a step, clipped at $clipNorm',
  (expected) => {
    const settings = settingsOf(expected);

    it('takes the same texts', () => {
      for (const phase of PHASES) {
        const rows = TASKS[phase].train.label.length;
        const rowsOf = stepRows(
          settings.seed,
          PHASES.indexOf(phase),
          rows,
          expected.batch * expected.accumulate,
        );
        expect(expected.batches[phase].map((_, step) => Array.from(rowsOf(step)))).toEqual(
          expected.batches[phase],
        );
      }
    });

    it('has the same losses and logits', async () => {
      const run = await prepare(settings);
      setHeads(run);
      let before: Evaluation | undefined;
      const outcome = await protocol(run, settings, temporaryFolder(), {
        saveBefore: (evaluation) => {
          before = evaluation;
          return Promise.resolve();
        },
      });
      if (outcome.kind !== 'complete') throw new Error(`the run is ${outcome.kind}`);
      for (const phase of PHASES) {
        expect(largestDifference(lossesOf(outcome, phase), expected.losses[phase])).toBeLessThan(1e-5);
        expect(largestDifference(outcome[phase]!.logits, expected.logits[phase].flat())).toBeLessThan(1e-4);
      }
      expect(largestDifference(before?.logits ?? [], expected.logits.originalBefore.flat())).toBeLessThan(
        1e-4,
      );

      const right = (logits: readonly number[][], labels: Int32Array): number =>
        logits.filter((row, text) => row.indexOf(Math.max(...row)) === labels[text]).length / labels.length;
      const labels = (phase: 'original' | 'shifted'): Int32Array => TASKS[phase].dev.label;
      expect(outcome.accuracyOriginalBefore).toBe(right(expected.logits.originalBefore, labels('original')));
      expect(outcome.original!.accuracy).toBe(right(expected.logits.original, labels('original')));
      expect(outcome.shifted!.accuracy).toBe(right(expected.logits.shifted, labels('shifted')));
    });
  },
);
