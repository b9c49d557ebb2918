/**
 * The published logs of the paper's authors, where they are: PAPER_LOGS, or in a folder beside the
 * repository.
 */
import { join, resolve } from 'node:path';

const shared = process.env['LAYERWISE_SHARED'] ?? resolve(import.meta.dirname, '../../../../../shared');

export const authorLogs = process.env['PAPER_LOGS'] ?? join(shared, 'paper/hpo-logs');

/** What the paper combines, in its order. */
export const FOUR_PAIRS = ['sst2mrpc', 'mrpcsst2', 'qqpmrpc', 'mrpcqqp'];

/** The vector that the authors' code printed for those. */
export const PUBLISHED = [
  3.29537129e-6, 4.3630001e-6, 9.21473516e-7, 1.92275197e-6, 2.84902669e-6, 2.14311562e-6, 3.26747809e-6,
  3.69894365e-6, 3.18562234e-6, 1.11884272e-5,
];
