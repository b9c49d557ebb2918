/** That every package that ships is listed, by npm's own account, and that somebody looked at its licence. */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';
import { expect, it } from 'vitest';
import { asksMore, asksNotices } from '../src/commands/licences/asks.js';
import { shippedPackages } from '../src/commands/licences/packages.js';
import { licencesText } from '../src/commands/licences/text.js';
import { layerwise, temporaryFolder } from './command.js';

const workspace = resolve(import.meta.dirname, '../../..');
const packages = shippedPackages(workspace);

it('lists what npm installs without tools for building and testing', () => {
  const { stdout } = spawnSync('npm', ['ls', '--omit=dev', '--all', '--parseable'], {
    cwd: workspace,
    encoding: 'utf8',
  });
  const folders = stdout
    .split('\n')
    .filter((path) => path.includes('node_modules'))
    .map((path) => relative(workspace, path).replaceAll('\\', '/'))
    .filter((path) => !path.startsWith('node_modules/@layerwise/'));
  expect(folders.length).toBeGreaterThan(200);
  const listed = new Set(packages.filter(({ installed }) => installed).map(({ folder }) => folder));
  expect(folders.filter((folder) => !listed.has(folder))).toEqual([]);
});

it('knows what each licence asks', () => {
  const open = packages.filter((one) => !asksNotices(one) && asksMore(one) === null);
  expect(open.map(({ name, licence }) => `${name}: ${String(licence)}`)).toEqual([]);
  expect(asksNotices({ name: 'x', licence: 'MIT OR GPL-3.0' })).toBe(false);
  expect(asksMore({ name: 'x', licence: 'GPL-3.0' })).toBeNull();
});

it('says in the docs what those ask that ask more than notices', () => {
  const page = readFileSync(join(workspace, 'docs/licences.md'), 'utf8');
  const more = packages.filter((one) => !asksNotices(one));
  // The binary of each system belongs to the package before it.
  const names = new Set(more.map(({ name }) => name.replace(/^(@resvg\/resvg-js)-.*/, '$1')));
  expect([...names]).toEqual(['@resvg/resvg-js', '@saehrimnir/druidjs', 'dejavu-fonts-ttf']);
  for (const name of names) expect(page).toContain(`\`${name}\``);
  for (const { licence } of more) if (!licence?.startsWith('SEE ')) expect(page).toContain(licence);
});

it('names the file of a licence and the address of its source', () => {
  const find = (wanted: string) => packages.find(({ name }) => name === wanted);
  expect(find('@resvg/resvg-js')).toMatchObject({
    licence: 'MPL-2.0',
    installed: true,
    licenceFile: 'LICENSE',
    source: 'https://github.com/yisibl/resvg-js',
  });
  const druid = find('@saehrimnir/druidjs');
  expect(druid?.source).toBe('https://github.com/saehm/druidjs');
  expect(existsSync(join(workspace, druid?.folder ?? '', druid?.licenceFile ?? ''))).toBe(true);
});

it('prints the same for people, and as JSON', async () => {
  const { code, stdout } = await layerwise('licences');
  expect([code, stdout]).toEqual([0, `${licencesText(packages)}\n`]);
  expect(stdout).toMatch(/@saehrimnir\/druidjs [\d.]+, LGPL-3\.0-or-later, https/);
  const { stdout: json } = await layerwise('licences', '--json');
  expect((JSON.parse(json) as { packages: unknown }).packages).toEqual(packages);
});

it('reads licences that old packages word in other ways, and says where none is known', () => {
  const folder = temporaryFolder();
  const put = (name: string, license: string | undefined, its: object | null): [string, object] => {
    if (its !== null) {
      mkdirSync(join(folder, 'node_modules', name), { recursive: true });
      writeFileSync(join(folder, 'node_modules', name, 'package.json'), JSON.stringify(its));
    }
    return [`node_modules/${name}`, { version: '1.0.0', license }];
  };
  const lock = {
    packages: Object.fromEntries<object>([
      ['', {}],
      ['libs/own', { version: '1.0.0' }],
      ['node_modules/tool', { version: '1.0.0', dev: true }],
      put('a', undefined, { licenses: [{ type: 'MIT' }, 'BSD'], repository: { url: 'git://x.y/a.git' } }),
      put('b', undefined, { license: { type: 'MIT' }, repository: 'owner/b' }),
      put('c', undefined, { license: 3 }),
      put('d', 'GPL-3.0', null),
    ]),
  };
  writeFileSync(join(folder, 'package-lock.json'), JSON.stringify(lock));
  const found = shippedPackages(folder);
  expect(found.map(({ name, licence, source }) => [name, licence, source])).toEqual([
    ['a', 'MIT OR BSD', 'https://x.y/a'],
    ['b', 'MIT', 'https://github.com/owner/b'],
    ['c', null, null],
    ['d', 'GPL-3.0', null],
  ]);
  expect(licencesText(found)).toContain('What it asks is not known: read node_modules/c/.');
  writeFileSync(join(folder, 'package-lock.json'), '[]');
  expect(() => shippedPackages(folder)).toThrow('is no lock file of npm');
});
