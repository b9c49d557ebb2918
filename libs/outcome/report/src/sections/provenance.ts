/**
 * Where everything on the page comes from: of each manifest the command, seed, versions, and digests of what
 * was read and written.
 */
import { sep } from 'node:path';
import type { Manifest } from '@layerwise/artifacts';
import type { Artifacts } from '../artifacts/artifacts.js';
import { html, type Html } from '../page/html.js';
import { missing, type Section } from '../page/section.js';
import { number, numbers, table, text, words } from '../page/table.js';

/** Runs of an evaluation are many: beyond this they are lines of the table alone. */
const MOST_DETAILS = 40;

/** Commands whose manifests have another name. */
const COMMANDS: Readonly<Record<string, string>> = {
  evaluation: 'evaluate',
  'finetune-sequence': 'finetune',
};

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
        : [
            overview(manifests),
            versionsOf(manifests),
            ...manifests.slice(0, MOST_DETAILS).map((one) => details(one, manifests)),
          ],
  };
}

type Manifests = Artifacts['manifests'];

function overview(manifests: Manifests): Html {
  return table({
    id: 'manifests',
    caption: 'What made each folder',
    columns: [
      ...words('folder', 'stage or command'),
      ...numbers('seed'),
      ...words('begun (UTC)'),
      ...numbers('seconds'),
      ...words('fingerprint'),
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
    columns: [...words('what', 'version')],
    rows: names.map((name) => [
      text(name),
      text([...new Set(manifests.flatMap(({ manifest }) => manifest.versions[name] ?? []))].join(', ')),
    ]),
  });
}

function details({ folder, label, manifest }: Manifests[number], all: Manifests): Html {
  const whole = all.find((other) => folder.startsWith(`${other.folder}${sep}`));
  const { stage, stageVersion, inputs, outputs, notes = [], counts = {} } = manifest;
  return html`<details>
    <summary>${label}: ${stage}, version ${stageVersion}</summary>
    ${
      whole === undefined
        ? html`<p>Command:</p>
            <pre tabindex="0"><code>${commandOf(manifest)}</code></pre>`
        : html`<p>Made with ${whole.label}, by its command.</p>`
    }
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
  // Of a command all options are parameters; of a stage neither its inputs nor its folder are.
  const isCommand = 'out' in parameters || 'encoder' in parameters;
  const flags = Object.entries(parameters).flatMap(([name, value]) => {
    if (value === null || name === 'json') return [];
    const flag = `--${name.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
    if (typeof value !== 'boolean') return [`${flag} ${quoted(wordOf(value))}`];
    if (isCommand) return value ? [flag] : [];
    return [`${flag} ${value ? 'yes' : 'no'}`];
  });
  const read = inputs.flatMap(({ name, path }) => {
    if (path === undefined) return [];
    if (!isCommand) return [`--${name} ${quoted(path)}`];
    // What `combine` and `importance` read stands without a flag.
    return name === 'trials' ? [quoted(path)] : [];
  });
  const command = isCommand ? (COMMANDS[stage] ?? stage) : `stage ${stage}`;
  return [`npx layerwise ${command}`, ...read, ...flags].join(' \\\n  ');
}

function wordOf(value: unknown): string {
  if (Array.isArray(value) && value.every((one) => typeof one !== 'object')) return value.join(',');
  return typeof value === 'string' ? value : JSON.stringify(value);
}

function quoted(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
}
