/**
 * The page as a whole: the same bytes from the same artifacts, never larger than it may be, and whole without
 * any artifact.
 */
import { rmSync } from 'node:fs';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { NOTHING, temporaryFolder, writeEverything, writeProjection } from '../test/generated.js';
import { readArtifacts, type Artifacts } from './artifacts/artifacts.js';
import { renderReport } from './render-report.js';

let folder: string;
let artifacts: Artifacts;

beforeAll(async () => {
  folder = await writeEverything(temporaryFolder());
  artifacts = await readArtifacts([folder]);
});

afterAll(() => rmSync(folder, { recursive: true }));

it('is the same for the same artifacts', async () => {
  const page = await renderReport(artifacts, 'one');
  expect(page).toBe(await renderReport(artifacts, 'one'));
  expect(page.match(/<section /g)).toHaveLength(11);
  expect(page.match(/download="[^"]*\.svg"/g)).toHaveLength(9);
});

it('of nothing is a page that says what makes each section', async () => {
  const page = await renderReport(NOTHING, 'nothing');
  expect(page.match(/class="missing"/g)?.length).toBeGreaterThanOrEqual(11);
  expect(page).not.toContain('<figure');
});

it('drops the largest drawings from the downloads where it would be too large, and says so', async () => {
  const whole = Buffer.byteLength(await renderReport(artifacts, 'one'));
  const page = await renderReport(artifacts, 'one', whole - 1);
  expect(Buffer.byteLength(page)).toBeLessThan(whole);
  expect(page.match(/download="[^"]*\.svg"/g)).toHaveLength(8);
  expect(page).toContain('1 of the figures cannot be saved as SVG');
  expect(page.match(/<figure /g)).toHaveLength(9);
});

it('refuses to be larger than it may be', async () => {
  await expect(renderReport(artifacts, 'one', 1000)).rejects.toThrow('give fewer folders with --from');
});

it('stays small with many points', async () => {
  const other = temporaryFolder();
  await writeProjection(other, 5000);
  const page = await renderReport(await readArtifacts([other]), 'many');
  expect(Buffer.byteLength(page)).toBeLessThan(1_500_000);
  rmSync(other, { recursive: true });
});
