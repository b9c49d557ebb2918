/**
 * A method is declared once, in the options of finetune: here one is declared in the test, and help, plan,
 * estimate and tables of an evaluation know it.
 */
import type * as Options from '@layerwise/finetune/options';
import { expect, it, vi } from 'vitest';
import { evaluationOf } from '../src/measures/evaluation.js';
import { evaluationOptions } from '../src/options.js';
import { searchedRates } from '../src/plan/rate-sources.js';
import { evaluationStage } from '../src/stage.js';
import { evaluationText } from '../src/tables/text.js';
import { pairOf, result } from './results.js';
import { grouping } from './search-folder.js';

vi.mock('@layerwise/finetune/options', async (original) => {
  const options = await original<typeof Options>();
  const slow: Options.MethodDeclaration = {
    order: 1.5,
    paperName: 'BERT slow',
    rates: { of: 'search', pairs: 'own' },
    cost: (steps, fisherTexts) => 10 * steps + fisherTexts,
  };
  return { ...options, METHOD_DECLARATIONS: { ...options.METHOD_DECLARATIONS, slow } };
});

it('is in the help, and its rates are those of its searches', () => {
  expect(evaluationOptions.methods.description).toContain('single, slow');
  expect(() => searchedRates('slow', 'a → b', [], grouping)).toThrow(
    /The method slow needs a search of the pair a → b/,
  );
});

it('takes as long as it says', () => {
  const stepsOf = (method: string): number | undefined => {
    const parameters = evaluationStage.parameters.parse({ methods: [method], seeds: [1] });
    const rows = [{ train: 160, dev: 10 }];
    return evaluationStage.work?.(parameters, () => [[...rows, ...rows]]).steps;
  };
  // 160 texts of D_o are as many Fisher texts.
  expect(stepsOf('slow')).toBe(10 * stepsOf('flat')! + 160);
});

it("has the paper's name in the tables", () => {
  const plan = { methods: ['slow'], pairs: [pairOf('A', 'B')], seeds: [1], searchedPairs: [] };
  const results = [result('slow', 'A → B', 1, { original: [1, 0, 1, 1], shifted: [1, 1, 1, 1] })];
  expect(evaluationText(evaluationOf(plan, results, { resamples: 100, seed: 1 }))).toMatch(
    /slow \(BERT slow\) +0\.750 - 1\.000/,
  );
});
