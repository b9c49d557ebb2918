/** `layerwise verify` behind its options: one folder of reference numbers after another. */
import { basename } from 'node:path';
import { readModelType, SUPPORTED_ARCHITECTURES } from '@layerwise/model';
import { beyondTolerance, findFixtures, verifyFixture } from '@layerwise/verification';
import type { VerifyCommandOptions } from './options.js';
import type { Outcome } from '../../running/run-command.js';
import { verificationText, type Report } from './text.js';

export async function runVerify(folder: string, options: VerifyCommandOptions): Promise<Outcome> {
  const reports: Record<string, Report> = {};
  for (const fixture of findFixtures(folder)) {
    const type = readModelType(fixture);
    reports[basename(fixture)] = SUPPORTED_ARCHITECTURES.includes(type)
      ? await reportOf(fixture, options)
      : { supported: false, reason: `${type} is not supported yet` };
  }
  const verified = Object.values(reports).filter((report) => report.supported);
  const passed = verified.length > 0 && verified.every((report) => report.passed);
  return { text: verificationText(reports, verified.length), json: reports, exitCode: passed ? 0 : 1 };
}

async function reportOf(fixture: string, options: VerifyCommandOptions): Promise<Report> {
  const verification = await verifyFixture(fixture, options);
  const wrong = beyondTolerance(verification);
  return { ...verification, supported: true, passed: wrong.length === 0, beyondTolerance: wrong };
}
