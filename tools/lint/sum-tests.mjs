/**
 * Adds up vitest's JSON reports, one a project, and prints what failed and the line "N passed, M failed, K
 * skipped". Exits with 1 where a test failed or where there is no report.
 */
import { readFileSync, readdirSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

/**
 * @param {string} folder holds the reports
 * @returns {{passed: number, failed: number, skipped: number, lines: string[]}}
 */
export function sumTests(folder) {
  const sum = { passed: 0, failed: 0, skipped: 0, lines: /** @type {string[]} */ ([]) };
  for (const file of readdirSync(folder).sort()) {
    if (!file.endsWith('.json')) continue;
    const report = JSON.parse(readFileSync(join(folder, file), 'utf8'));
    sum.passed += report.numPassedTests;
    sum.failed += report.numFailedTests;
    sum.skipped += report.numPendingTests + report.numTodoTests;
    for (const { name, status, message, assertionResults } of report.testResults) {
      for (const test of assertionResults) {
        if (test.status === 'failed') sum.lines.push(`failed: ${placeOf(name)}: ${test.fullName}`);
      }
      // A file that could not be loaded has no tests to fail.
      if (status === 'failed' && assertionResults.length === 0) {
        sum.failed += 1;
        sum.lines.push(`failed: ${placeOf(name)}: ${String(message).split('\n')[0]}`);
      }
    }
  }
  return sum;
}

/**
 * @param {string} spec a file of tests
 * @returns {string} its path in the workspace
 */
function placeOf(spec) {
  return relative(dirname(dirname(import.meta.dirname)), spec).replaceAll('\\', '/');
}

if (process.argv[1] !== undefined && resolve(process.argv[1]) === fileURLToPath(import.meta.url)) {
  const { passed, failed, skipped, lines } = sumTests(process.argv[2] ?? '.');
  for (const line of lines) console.log(line);
  console.log(`${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`);
  process.exitCode = failed > 0 || passed === 0 ? 1 : 0;
}
