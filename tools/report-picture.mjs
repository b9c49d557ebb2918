/**
 * Takes the picture of a report for the README: its beginning, in a window of 1,100 pixels, as PNG.
 *
 *     node tools/report-picture.mjs data-cache/tiny/report/report.html docs/pictures/report.png
 *
 * The page must be of built-in tasks alone: a report shows texts of the data sets it was made of. Needs
 * Debian's chromium, or another that LAYERWISE_CHROMIUM names.
 */
import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { chromium } from 'playwright-core';

const [page, picture] = process.argv.slice(2);
const executablePath = process.env.LAYERWISE_CHROMIUM ?? '/usr/bin/chromium';
if (page === undefined || picture === undefined || !existsSync(page)) {
  console.error(
    'Give a report that is there and the picture to write: report-picture.mjs REPORT.html PICTURE.png',
  );
  process.exit(2);
}
if (!existsSync(executablePath)) {
  console.error(
    `There is no ${executablePath}; apt-get install chromium, or name one with LAYERWISE_CHROMIUM.`,
  );
  process.exit(2);
}

// Root has no user namespaces to build the sandbox from.
const browser = await chromium.launch({
  executablePath,
  args: process.getuid?.() === 0 ? ['--no-sandbox'] : [],
});
try {
  const window = await browser.newPage({ viewport: { width: 1100, height: 1250 }, colorScheme: 'light' });
  await window.goto(pathToFileURL(resolve(page)).href);
  await window.screenshot({ path: picture });
} finally {
  await browser.close();
}
