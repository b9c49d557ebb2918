/** `layerwise verify` behind its options: one folder of reference numbers after another. */
import { basename } from 'node:path';
import { readModelType, SUPPORTED_ARCHITECTURES } from '@layerwise/model';
import {
  beyondTolerance,
  findFixtures,
  TOLERANCES,
  verifyFixture,
  type Verification,
} from '@layerwise/verification';
import type { VerifyCommandOptions } from './options.js';
import type { Outcome } from '../../running/run-command.js';

type Report =
  | (Verification & {
      readonly supported: true;
      readonly passed: boolean;
      readonly beyondTolerance: readonly string[];
    })
  | { readonly supported: false; readonly reason: string };

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
  return { text: textOf(reports, verified.length), json: reports, exitCode: passed ? 0 : 1 };
}

async function reportOf(fixture: string, options: VerifyCommandOptions): Promise<Report> {
  const verification = await verifyFixture(fixture, options);
  const wrong = beyondTolerance(verification);
  return { ...verification, supported: true, passed: wrong.length === 0, beyondTolerance: wrong };
}

function textOf(reports: Readonly<Record<string, Report>>, verified: number): string {
  const lines = Object.entries(reports).flatMap(([name, report]) => {
    if (!report.supported) return [`${name}: ${report.reason}`];
    const figures = (Object.keys(TOLERANCES) as (keyof Verification)[]).map((figure) => {
      const value = report[figure];
      const mark = report.beyondTolerance.includes(figure) ? '  BEYOND' : '';
      return value === null
        ? `  ${figure.padEnd(14)} no reference`
        : `  ${figure.padEnd(14)} ${shown(value).padStart(8)}  at most ${shown(TOLERANCES[figure])}${mark}`;
    });
    return [
      `${name}: ${report.passed ? 'as PyTorch computes it' : 'NOT as PyTorch computes it'}`,
      ...figures,
    ];
  });
  if (verified === 0) lines.push('Nothing was verified: no architecture here is supported yet.');
  return lines.join('\n');
}

/** Counts as they are, errors as 1.6e-6. */
function shown(value: number): string {
  return Number.isInteger(value) ? String(value) : value.toExponential(1);
}
