/** `layerwise bench search`: what it prints, and what it refuses. */
import { expect, it } from 'vitest';
import { main } from '../src/index.js';

async function run(...words: string[]): Promise<{ code: number; out: string; err: string }> {
  let [out, err] = ['', ''];
  const streams = {
    stdout: (text: string) => void (out += text),
    stderr: (text: string) => void (err += text),
  };
  const code = await main(['bench', 'search', ...words], streams);
  return { code, out, err };
}

it('tells regret at half of the trials and at all, over seeds', async () => {
  const words = ['--function', 'branin', '--sampler', 'random', '--trials', '20', '--seeds', '3', '--json'];
  const { code, out } = await run(...words);
  expect(code).toBe(0);
  const result = JSON.parse(out) as Record<string, number[]>;
  expect(result['at']).toEqual([10, 20]);
  expect(result['mean']![0]!).toBeGreaterThanOrEqual(result['mean']![1]!);
  expect(result['median']![1]!).toBeGreaterThan(0);
  expect(result['msPerTrial']).toBeGreaterThan(0);
  // The same seeds, the same regret.
  expect((JSON.parse((await run(...words)).out) as Record<string, number[]>)['mean']).toEqual(result['mean']);
});

it('tells it at a fifth, a third, half and all of the epochs; null before anything was run to the end', async () => {
  const words = ['--function', 'mf-hartmann6', '--sampler', 'random', '--scheduler', 'hyperband'];
  const { out } = await run(...words, '--epochs', '75', '--seeds', '2', '--json');
  const { at, mean } = JSON.parse(out) as { at: number[]; mean: (number | null)[] };
  expect(at).toEqual([15, 25, 37.5, 75]);
  expect(mean[0]).toBeNull();
  expect(mean[3]!).toBeLessThanOrEqual(mean[1]!);
});

it('refuses what it does not know', async () => {
  expect((await run('--function', 'sphere')).err).toContain('There is no benchmark function sphere');
  const both = await run('--function', 'branin', '--trials', '5', '--epochs', '9');
  expect(both.code).toBe(2);
  expect(both.err).toContain('by --trials or by --epochs, not by both');
});
