/** Where everything on the page comes from: of each manifest the command, seed, versions, and digests of what was read and written. */
import type { Manifest } from '@layerwise/artifacts';
import type { Artifacts } from '../artifacts.js';
import { html, type Html } from '../html.js';
import { missing, type Section } from '../section.js';
import { number, table, text } from '../table.js';

/** Runs of an evaluation are many: beyond this they are lines of the table alone. */
const MOST_DETAILS = 40;

/** Commands of their own; all other manifests are of stages. */
const COMMANDS = ['combine', 'evaluate', 'importance', 'pretrain', 'search', 'shift-study'];

export function provenanceSection({ manifests }: Artifacts): Section {
  return {
    id: 'provenance',
    title: 'Provenance',
    parts:
      manifests.length === 0
        ? [
            missing(
              'No folder here has a manifest, so nothing says how its files came about.',
              'npx layerwise stage NAME',
            ),
          ]
        : [overview(manifests), versionsOf(manifests), ...manifests.slice(0, MOST_DETAILS).map(details)],
  };
}

type Manifests = Artifacts['manifests'];

function overview(manifests: Manifests): Html {
  return table({
    id: 'manifests',
    caption: 'What made each folder',
    columns: [
      ...[{ title: 'folder' }, { title: 'stage or command' }, { title: 'seed', numeric: true }],
      ...[{ title: 'begun (UTC)' }, { title: 'seconds', numeric: true }, { title: 'fingerprint' }],
    ],
    rows: manifests.map(({ label, manifest: { stage, seed, started, durationSeconds, fingerprint } }) => [
      ...[text(label), text(stage), number(seed, 0, 'no seed')],
      ...[text(started.replace('T', ' ').replace(/\.\d+Z$/, '')), number(durationSeconds, 1)],
      text(html`<code>${fingerprint?.slice(0, 12) ?? '–'}</code>`),
    ]),
  });
}

/** Of all libraries, with what differs between folders. */
function versionsOf(manifests: Manifests): Html {
  const names = [...new Set(manifests.flatMap(({ manifest }) => Object.keys(manifest.versions)))].sort();
  return table({
    id: 'versions',
    caption: 'Versions',
    columns: [{ title: 'what' }, { title: 'version' }],
    rows: names.map((name) => [
      text(name),
      text([...new Set(manifests.flatMap(({ manifest }) => manifest.versions[name] ?? []))].join(', ')),
    ]),
  });
}

function details({ label, manifest }: Manifests[number]): Html {
  const { stage, stageVersion, inputs, outputs, notes = [], counts = {} } = manifest;
  return html`<details>
    <summary>${label}: ${stage}, version ${stageVersion}</summary>
    <p>Command:</p>
    <pre tabindex="0"><code>${commandOf(manifest)}</code></pre>
    ${list(
      'Read',
      inputs.map(
        ({ name, path, digest }) =>
          html`${name}${path === undefined ? '' : ` (${path})`}: <code>${digest}</code>`,
      ),
    )}
    ${list(
      'Written',
      outputs.map(({ file, digest, bytes }) => html`${file}, ${bytes} bytes: <code>${digest}</code>`),
    )}
    ${list(
      'Counts',
      Object.entries(counts).map(([name, count]) => html`${name}: ${count}`),
    )}
    ${list(
      'Notes',
      notes.map((note) => html`${note}`),
    )}
  </details> `;
}

function list(title: string, items: readonly Html[]): Html {
  return items.length === 0
    ? html``
    : html`<p>${title}:</p>
        <ul class="digests">
          ${items.map((item) => html`<li>${item}</li>`)}
        </ul>`;
}

/** The command line that makes the folder again, from the parameters as they were resolved. */
function commandOf({ stage, parameters, inputs }: Manifest): string {
  const isCommand = COMMANDS.includes(stage);
  const flags = Object.entries(parameters).flatMap(([name, value]) => {
    if (value === null || value === false || name === 'json') return [];
    const flag = `--${name.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
    return [value === true ? flag : `${flag} ${quoted(wordOf(value))}`];
  });
  const read = isCommand
    ? []
    : inputs.flatMap(({ name, path }) => (path === undefined ? [] : [`--${name} ${quoted(path)}`]));
  return [`npx layerwise ${isCommand ? '' : 'stage '}${stage}`, ...read, ...flags].join(' \\\n  ');
}

function wordOf(value: unknown): string {
  if (Array.isArray(value) && value.every((one) => typeof one !== 'object')) return value.join(',');
  return typeof value === 'string' ? value : JSON.stringify(value);
}

function quoted(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
}
