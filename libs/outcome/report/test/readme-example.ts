import { readArtifacts, renderReport, summarySentences, writeReport } from '../src/index.js';

// Any folders: data-cache/PRESET, one stage's, one run's. What is not there is named on the page, with the
// command that makes it.
const { bytes, summary } = await writeReport(['results'], 'report.html');
export const verdict = `${bytes < 3_000_000 ? 'small enough' : 'too large'}: ${summary[0] ?? ''}`;

// The same in two steps: artifacts are plain rows, and the page is a function of them.
const artifacts = await readArtifacts(['results']);
export const sentences = summarySentences(artifacts);
export const page = await renderReport(artifacts, 'my experiment');
