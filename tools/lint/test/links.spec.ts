/**
 * Every link in the documents leads somewhere: to a file of the repository, and to a heading where it names
 * one.
 */
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { expect, it } from 'vitest';

const root = resolve(import.meta.dirname, '../../..');

const skipped = ['node_modules', 'dist', '.git', '.nx', 'data-cache', 'api'];

/** Markdown files below a folder, as paths from the root. */
function documentsIn(folder: string): string[] {
  return readdirSync(join(root, folder), { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return skipped.includes(entry.name) ? [] : documentsIn(path);
    return entry.name.endsWith('.md') ? [path] : [];
  });
}

const documents = [...documentsIn('.'), 'data-cache/README.md'];

/** Targets of Markdown links, code left out. */
function linksOf(text: string): string[] {
  const prose = text.replace(/```[\s\S]*?```/g, '').replace(/`[^`\n]*`/g, '');
  return [...prose.matchAll(/\]\(([^()\s]+)\)/g)].map((match) => match[1] ?? '');
}

/** A heading as its anchor, the way GitHub makes it. */
function anchorsOf(text: string): string[] {
  return [...text.matchAll(/^#+ (.*)$/gm)].map((match) =>
    (match[1] ?? '')
      .toLowerCase()
      .replace(/[^\p{L}\p{N} _-]/gu, '')
      .replaceAll(' ', '-'),
  );
}

/** What is wrong with a link, or undefined. */
function faultOf(link: string, file: string): string | undefined {
  if (/^https?:/.test(link)) return undefined;
  const [path = '', anchor] = link.split('#');
  const target = path === '' ? join(root, file) : resolve(root, dirname(file), path);
  if (relative(root, target).startsWith('..')) return `${link} leads out of the repository`;
  if (!existsSync(target)) return `${link} does not exist`;
  if (anchor !== undefined && !anchorsOf(readFileSync(target, 'utf8')).includes(anchor)) {
    return `${link} names a heading that is not there`;
  }
  return undefined;
}

it('the documents are found', () => {
  expect(documents).toEqual(expect.arrayContaining(['README.md', 'CONTRIBUTING.md', 'docs/verification.md']));
});

it.each(documents)('%s', (file) => {
  const links = linksOf(readFileSync(join(root, file), 'utf8'));
  expect(links.map((link) => faultOf(link, file)).filter((fault) => fault !== undefined)).toEqual([]);
});

it('a broken link is told', () => {
  expect(linksOf('[a](b.md) `[c](d.md)` ![e](f.png)')).toEqual(['b.md', 'f.png']);
  expect(faultOf('nowhere.md', 'README.md')).toBe('nowhere.md does not exist');
  expect(faultOf('../elsewhere', 'README.md')).toBe('../elsewhere leads out of the repository');
  expect(faultOf('#nothing', 'README.md')).toBe('#nothing names a heading that is not there');
  expect(faultOf('#quick-start', 'README.md')).toBeUndefined();
});
