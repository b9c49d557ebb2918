/** Words of `layerwise licences`. */
import { counted } from '@layerwise/errors';
import { asksMore, asksNotices } from './asks.js';
import type { ShippedPackage } from './packages.js';

export function licencesText(packages: readonly ShippedPackage[]): string {
  const here = packages.filter(({ installed }) => installed).length;
  const noticed = packages.filter(asksNotices);
  return [
    `layerwise is under the MIT licence. With it ship ${counted(packages.length, 'package')} of others, ${here} of them installed here.`,
    '',
    'These ask that their notices are passed on, and no more:',
    ...groups(noticed, ({ licence }) => licence ?? '').map(
      ([licence, those]) => `  ${String(those.length).padStart(4)}  ${licence}`,
    ),
    '',
    'These ask more of those who pass layerwise on (docs/licences.md):',
    ...groups(
      packages.filter((one) => !asksNotices(one)),
      (one) => asksMore(one) ?? `What it asks is not known: read ${one.folder}/${one.licenceFile ?? ''}.`,
    ).flatMap(([asked, those]) => ['', ...linesOf(those), `    ${asked}`]),
    '',
    '--json lists every package, with the file of its licence and the address of its source.',
  ].join('\n');
}

function linesOf(packages: readonly ShippedPackage[]): string[] {
  const elsewhere = packages.filter(({ installed }) => !installed).map(({ name }) => name);
  return [
    ...packages
      .filter(({ installed }) => installed)
      .map(({ name, version, licence, source }) =>
        [`  ${name} ${version}`, licence ?? 'no licence named', ...(source === null ? [] : [source])].join(
          ', ',
        ),
      ),
    ...(elsewhere.length > 0 ? [`  not installed here: ${elsewhere.join(', ')}`] : []),
  ];
}

/** The largest first. */
function groups(
  packages: readonly ShippedPackage[],
  keyOf: (one: ShippedPackage) => string,
): [string, ShippedPackage[]][] {
  const found = new Map<string, ShippedPackage[]>();
  for (const one of packages) found.set(keyOf(one), [...(found.get(keyOf(one)) ?? []), one]);
  return [...found].sort(([, a], [, b]) => b.length - a.length);
}
