/** What `layerwise verify` prints: each figure of a folder beside what it may be at most. */
import { TOLERANCES, type Verification } from '@layerwise/verification';

export type Report =
  | (Verification & {
      readonly supported: true;
      readonly passed: boolean;
      readonly beyondTolerance: readonly string[];
    })
  | { readonly supported: false; readonly reason: string };

/** @param verified folders whose architecture is supported */
export function verificationText(reports: Readonly<Record<string, Report>>, verified: number): string {
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
