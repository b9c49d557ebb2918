/**
 * The page in a real Chromium: nothing on the console, no request, all figures, tables that sort, links that
 * lead somewhere, without scripts, on a phone, in the dark. Debian's chromium, or what LAYERWISE_CHROMIUM
 * names; without one this is skipped, and says so.
 */
/// <reference lib="dom" />
/// <reference lib="dom.iterable" />
import { existsSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { chromium, type Browser, type BrowserContextOptions, type Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { contrast, GROUND } from '../src/page/colours.js';
import { writeReport } from '../src/index.js';
import { HOSTILE, temporaryFolder, writeEverything } from './generated.js';

const executablePath = process.env.LAYERWISE_CHROMIUM ?? '/usr/bin/chromium';
const present = existsSync(executablePath);
if (!present)
  console.warn(
    `There is no ${executablePath}, so the report is not looked at in a browser; apt-get install chromium.`,
  );

describe.skipIf(!present)('in Chromium', () => {
  let folder: string;
  let url: string;
  let browser: Browser;

  beforeAll(async () => {
    folder = await writeEverything(temporaryFolder());
    const file = join(folder, 'report.html');
    await writeReport([folder], file);
    url = pathToFileURL(file).href;
    // Root has no user namespaces to build the sandbox from.
    browser = await chromium.launch({
      executablePath,
      args: process.getuid?.() === 0 ? ['--no-sandbox'] : [],
    });
  });

  afterAll(async () => {
    await browser.close();
    rmSync(folder, { recursive: true });
  });

  /** Opens the page, with all that it complains of and asks for. */
  async function open(
    options: BrowserContextOptions = {},
  ): Promise<{ page: Page; said: string[]; asked: string[] }> {
    const page = await (await browser.newContext(options)).newPage();
    const said: string[] = [];
    const asked: string[] = [];
    page.on('console', (message) => said.push(`${message.type()}: ${message.text()}`));
    page.on('pageerror', (error) => said.push(error.message));
    page.on('request', (request) => asked.push(request.url()));
    await page.goto(url);
    return { page, said, asked };
  }

  it('says nothing, asks for nothing, runs nothing that is in a text, and draws every figure', async () => {
    const { page, said, asked } = await open();
    expect([said, asked.filter((one) => !one.startsWith('data:'))]).toEqual([[], [url]]);
    expect(await page.title()).toMatch(/^layerwise report: /);
    const figures = await page.$$eval('figure', (all) =>
      all.map((one) => [
        one.id,
        one.querySelectorAll('svg[role=img] > title').length,
        one.querySelectorAll('a[download]').length,
      ]),
    );
    expect(figures).toEqual(
      [
        ...['projection-projection-cluster', 'projection-projection-label', 'distribution-combination'],
        ...[
          'training-river-lake-first-phase-d-o',
          'training-river-lake-second-phase-d-s',
          'drift-weight-change-river-lake-original',
        ],
        ...['drift-weight-change-river-lake-shifted', 'drift-cka-river-lake-shifted', 'search-search'],
      ].map((id) => [id, 1, 2]),
    );
    const shown = await page.$$eval(
      'td',
      (cells, text) => cells.filter((cell) => cell.textContent.trim() === text).length,
      HOSTILE,
    );
    expect(shown).toBe(1);
    expect(await page.$$eval('main img, main b', (all) => all.length)).toBe(0);
  });

  it('has an outline, landmarks, captions and scopes, and no id twice', async () => {
    const { page } = await open();
    const outline = await page.$$eval('h1, h2, h3', (all) => all.map((one) => Number(one.tagName.slice(1))));
    expect(outline.filter((level) => level === 1)).toHaveLength(1);
    outline.reduce((before, level) => (expect(level - before).toBeLessThanOrEqual(1), level), 0);
    for (const landmark of ['header', 'nav[aria-label]', 'main', 'footer'])
      expect(await page.$$(landmark)).toHaveLength(1);
    expect(await page.$$('table:not(:has(caption)), th:not([scope])')).toEqual([]);
    expect(await page.$$('.scroll:not([tabindex="0"])')).toEqual([]);
    const ids = await page.$$eval('[id]', (all) => all.map((one) => one.id));
    expect(new Set(ids).size).toBe(ids.length);
    const broken = await page.$$eval('[aria-labelledby]', (all) =>
      all
        .filter((one) => document.getElementById(one.getAttribute('aria-labelledby') ?? '') === null)
        .map((one) => one.id),
    );
    expect(broken).toEqual([]);
  });

  it('sorts tables by numbers and by words, with gaps last', async () => {
    const { page } = await open();
    const column = (at: number): Promise<string[]> =>
      page.$$eval(
        '#table-1 tbody tr',
        (rows, cell) => rows.map((row) => row.children[cell]?.textContent.trim() ?? ''),
        at,
      );
    await page.click('#table-1 thead th:nth-child(3) button');
    expect((await column(2)).slice(0, 6)).toEqual(['0.700', '0.829', '0.860', '0.899', '0.905', '0.925']);
    expect(await page.getAttribute('#table-1 thead th:nth-child(3)', 'aria-sort')).toBe('ascending');
    await page.click('#table-1 thead th:nth-child(3) button');
    expect((await column(2)).slice(0, 2)).toEqual(['0.925', '0.905']);
    expect((await column(0)).slice(6).sort()).toEqual(['lake', 'river']);
    await page.click('#table-1 thead th:nth-child(1) button');
    expect((await column(0)).slice(0, 3)).toEqual(['lake', 'MNLI', 'MRPC']);
    expect(await page.getAttribute('#table-1 thead th:nth-child(3)', 'aria-sort')).toBeNull();
  });

  it('has links that lead somewhere and downloads that hold what they say', async () => {
    const { page } = await open({ acceptDownloads: true });
    const targets = await page.$$eval('a[href^="#"]', (all) =>
      all.map((one) => one.getAttribute('href') ?? ''),
    );
    expect(targets.length).toBeGreaterThan(10);
    for (const target of targets) expect(await page.$$(target), target).toHaveLength(1);
    await page.click('nav a[href="#searches"]');
    expect(page.url()).toBe(`${url}#searches`);
    const save = async (selector: string): Promise<[string, string]> => {
      const [download] = await Promise.all([page.waitForEvent('download'), page.click(selector)]);
      return [download.suggestedFilename(), readFileSync(await download.path(), 'utf8')];
    };
    expect(await save('#search-search a[download$=".csv"]')).toEqual([
      'search-search.csv',
      'trial,reward,best so far\r\n0,1.61,1.61\r\n1,1.58,1.61\r\n2,1.6723,1.6723\r\n3,1.64,1.6723\r\n',
    ]);
    const [name, svg] = await save('#distribution-combination a[download$=".svg"]');
    expect(name).toBe('distribution-combination.svg');
    expect(svg).toMatch(/^<svg [^>]*>[\s\S]*river → lake[\s\S]*<\/svg>\s*$/);
  });

  it('is whole without scripts', async () => {
    const { page, said } = await open({ javaScriptEnabled: false });
    expect(said).toEqual([]);
    expect(await page.locator('figure svg').count()).toBe(9);
    expect(await page.locator('#table-2 tbody tr').count()).toBe(8);
    expect(await page.locator('th button').count()).toBe(0);
    await page.click('#tables details summary');
    expect(await page.locator('#measures').isVisible()).toBe(true);
  });

  it('fits a phone: wide things scroll in their own boxes', async () => {
    const { page } = await open({ viewport: { width: 360, height: 640 }, isMobile: true });
    await page.$$eval('details', (all) => all.forEach((one) => (one.open = true)));
    const { page: width, boxes } = await page.evaluate(() => ({
      page: document.documentElement.scrollWidth,
      boxes: [...document.querySelectorAll('.scroll')].filter((box) => box.scrollWidth > box.clientWidth)
        .length,
    }));
    expect(width).toBe(360);
    expect(boxes).toBeGreaterThan(3);
  });

  it('is legible in the dark, charts too', async () => {
    const { page } = await open({ colorScheme: 'dark' });
    const seen = await page.evaluate(() => {
      const colourOf = (one: Element, property: string): string =>
        getComputedStyle(one).getPropertyValue(property);
      return {
        ground: colourOf(document.body, 'background-color'),
        texts: [...document.querySelectorAll('p, td, th, a, h2, figcaption, summary')].map((one) =>
          colourOf(one, 'color'),
        ),
        letters: [...document.querySelectorAll('figure svg text')].map((one) => colourOf(one, 'fill')),
        marks: [...document.querySelectorAll('figure .mark-symbol path, figure .mark-line path')].map((one) =>
          colourOf(one, one.hasAttribute('fill') ? 'fill' : 'stroke'),
        ),
        sheets: [...document.querySelectorAll('figure svg > rect')].map((one) => colourOf(one, 'fill')),
      };
    });
    expect(hexOf(seen.ground)).toBe(GROUND.dark);
    expect(seen.marks.length).toBeGreaterThan(20);
    for (const colour of [...seen.texts, ...seen.letters])
      expect(contrast(hexOf(colour), GROUND.dark)).toBeGreaterThan(4.5);
    for (const colour of seen.marks) expect(contrast(hexOf(colour), GROUND.dark), colour).toBeGreaterThan(3);
    expect(new Set(seen.sheets)).toEqual(new Set(['none']));
  });

  it('prints on white, without what paper cannot do', async () => {
    const { page } = await open({ colorScheme: 'dark' });
    await page.emulateMedia({ media: 'print', colorScheme: 'dark' });
    const ground = await page.evaluate(() => getComputedStyle(document.body).backgroundColor);
    expect(hexOf(ground)).toBe(GROUND.light);
    expect(await page.locator('nav').isVisible()).toBe(false);
    expect((await page.pdf()).subarray(0, 5).toString()).toBe('%PDF-');
  });
});

/** "rgb(22, 24, 29)" → "#16181d" */
function hexOf(colour: string): string {
  const channels = (/\d+, \d+, \d+/.exec(colour)?.[0] ?? '').split(', ').map(Number);
  return `#${channels.map((value) => value.toString(16).padStart(2, '0')).join('')}`;
}
