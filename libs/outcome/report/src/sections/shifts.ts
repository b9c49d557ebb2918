/** How different the two parts of each pair are: what `shift-summary` measured, and how it reads it. */
import type { Artifacts } from '../artifacts/artifacts.js';
import { pInWords } from '../results/comparison.js';
import { html, type Html } from '../page/html.js';
import { missing, slug, type Section } from '../page/section.js';
import { fixed, interval, number, numbers, table, text, words } from '../page/table.js';

export function shiftsSection({ shiftSummaries }: Artifacts): Section {
  return {
    id: 'shifts',
    title: 'Shifts',
    parts:
      shiftSummaries.length === 0
        ? [
            missing(
              'No shift was measured here.',
              'npx layerwise stage shift-summary --pair DIR --embeddings DIR --out DIR',
            ),
          ]
        : [
            html`<p>
              How far the vectors of D_o and D_s lie apart: the maximum mean discrepancy with its permutation
              test, and what a linear classifier tells apart (proxy A-distance; 0: nothing, 2: everything).
            </p>`,
            ...shiftSummaries.map(summaryOf),
          ],
  };
}

function summaryOf({ label, metadata, rows }: Artifacts['shiftSummaries'][number]): Html {
  const { kind, original, shifted, encoder, reading } = metadata;
  return html`<h3>${original} and ${shifted}</h3>
    ${table({
      id: slug('shift', label),
      caption: `Shift of kind ${kind} from ${original} to ${shifted}, by vectors of ${encoder}`,
      columns: [
        ...words('split'),
        ...numbers('rows of D_o', 'rows of D_s', 'MMD²', 'p', 'told apart (balanced)', 'proxy A-distance'),
      ],
      rows: rows.map((row) => [
        ...[
          text(row.split),
          number(row.rowsOriginal, 0),
          number(row.rowsShifted, 0),
          number(row.mmdSquared, 4),
        ],
        // Clusters differ by construction: a p-value in print would be read as a finding.
        kind === 'cluster'
          ? text('no finding')
          : { show: pInWords(row.pValue).replace('= ', ''), sort: row.pValue },
        {
          show: html`${fixed(row.balancedAccuracy)}
            <small>(${interval(row.balancedAccuracyLow, row.balancedAccuracyHigh)})</small>`,
          sort: row.balancedAccuracy,
        },
        {
          show: html`${fixed(row.proxyADistance, 2)}
            <small>(${interval(row.proxyADistanceLow, row.proxyADistanceHigh, 2)})</small>`,
          sort: row.proxyADistance,
        },
      ]),
    })}
    <ul>
      ${reading.split('\n').map((sentence) => html`<li>${sentence}</li>`)}
    </ul> `;
}
