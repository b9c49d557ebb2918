/**
 * `layerwise --help` answers at once because nothing heavy is imported before a command runs: what `main.ts`
 * reaches by static imports is followed here, file by file.
 */
import { readFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import ts from 'typescript';
import { expect, it } from 'vitest';

/** Modules that a file imports statically, types left out. */
function staticImports(file: string): string[] {
  const source = ts.createSourceFile(file, readFileSync(file, 'utf8'), ts.ScriptTarget.Latest);
  return source.statements.flatMap((statement) => {
    if (!ts.isImportDeclaration(statement) && !ts.isExportDeclaration(statement)) return [];
    const { moduleSpecifier } = statement;
    if (moduleSpecifier === undefined || !ts.isStringLiteral(moduleSpecifier)) return [];
    const typesOnly = ts.isImportDeclaration(statement)
      ? statement.importClause?.phaseModifier === ts.SyntaxKind.TypeKeyword
      : statement.isTypeOnly;
    return typesOnly ? [] : [moduleSpecifier.text];
  });
}

/** All packages that loading `file` loads, and the number of files visited. */
function loadedBy(file: string, visited = new Set<string>()): { packages: Set<string>; files: number } {
  visited.add(file);
  const packages = new Set<string>();
  for (const module of staticImports(file)) {
    if (!module.startsWith('.')) packages.add(module);
    else {
      const next = resolve(dirname(file), module.replace(/\.js$/, '.ts'));
      if (!visited.has(next)) for (const name of loadedBy(next, visited).packages) packages.add(name);
    }
  }
  return { packages, files: visited.size };
}

it('the command line loads commander and nothing heavier', () => {
  const { packages } = loadedBy(resolve(import.meta.dirname, '../src/main.ts'));
  const external = [...packages].filter((name) => !name.startsWith('node:')).sort();
  expect(external).toEqual(['@layerwise/errors', 'commander']);
});

it.each(['bench', 'combine', 'evaluate', 'finetune', 'pretrain', 'search', 'shift-study', 'study', 'verify'])(
  'the help of %s loads declarations of options and no engine',
  (name) => {
    const file = resolve(import.meta.dirname, `../src/commands/${name}/command.ts`);
    const { packages, files } = loadedBy(file);
    expect(files).toBeGreaterThan(2);
    const heavy = [...packages].filter(
      (module) =>
        !/^(node:.*|zod|commander|@layerwise\/errors|@layerwise\/[a-z-]+\/(options|names))$/.test(module),
    );
    expect(heavy).toEqual([]);
  },
);
