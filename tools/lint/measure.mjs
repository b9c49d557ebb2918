/**
 * Measures what makes the workspace slow or quick to read: lines without tests, files, exports a barrel,
 * import cycles that types make too, and in how many places a training option is declared.
 *
 *     node tools/lint/measure.mjs [ROOT]
 *
 * Types are imported freely by the compiler, so that ESLint's `no-cycle` says nothing of them; here they
 * count.
 */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';

/** Training options whose declarations are counted, as a preset spells them. */
const OPTIONS = ['groupByLength', 'recompute', 'accumulate', 'weightDecay', 'clipNorm'];

/**
 * Every source file that is no test, no test's helper and not generated, as absolute paths.
 * @param {string} root
 */
export function sourcesOf(root) {
  return ['libs', 'apps', 'tools'].flatMap((top) =>
    readdirSync(join(root, top), { recursive: true, encoding: 'utf8' })
      .filter((path) => /\.(ts|mjs|js|c|py|sh)$/.test(path))
      .filter((path) => !/(^|\/)(node_modules|dist|test|fixtures)\/|\.spec\.|\.d\.ts$|_pb\.ts$/.test(path))
      .map((path) => join(root, top, path)),
  );
}

/**
 * Groups of files that import each other in a circle, by values or by types alone; each group is sorted.
 * @param {readonly string[]} files absolute paths
 * @returns {string[][]}
 */
export function importCycles(files) {
  const known = new Set(files);
  /** @type {Map<string, string[]>} */
  const graph = new Map();
  for (const file of files) {
    if (!file.endsWith('.ts')) continue;
    const { importedFiles } = ts.preProcessFile(readFileSync(file, 'utf8'), true, true);
    const targets = importedFiles
      .filter(({ fileName }) => fileName.startsWith('.'))
      .map(({ fileName }) => resolve(dirname(file), fileName.replace(/\.js$/, '.ts')));
    graph.set(
      file,
      targets.filter((target) => known.has(target)),
    );
  }
  return components(graph).filter((group) => group.length > 1);
}

/** Strongly connected components (Tarjan 1972). @param {Map<string, string[]>} graph */
function components(graph) {
  /** @type {Map<string, {index: number, low: number, open: boolean}>} */
  const seen = new Map();
  /** @type {string[]} */
  const stack = [];
  /** @type {string[][]} */
  const found = [];
  /** @param {string} node */
  const visit = (node) => {
    const mark = { index: seen.size, low: seen.size, open: true };
    seen.set(node, mark);
    stack.push(node);
    for (const next of graph.get(node) ?? []) {
      const other = seen.get(next) ?? visit(next);
      if (other.open) mark.low = Math.min(mark.low, other.low);
    }
    if (mark.low === mark.index) {
      const group = stack.splice(stack.indexOf(node));
      for (const member of group) {
        const closed = seen.get(member);
        if (closed) closed.open = false;
      }
      found.push(group.sort());
    }
    return mark;
  };
  for (const node of graph.keys()) if (!seen.has(node)) visit(node);
  return found;
}

/** Names that an index file exports. @param {string} file */
function exportsOf(file) {
  const source = ts.createSourceFile(file, readFileSync(file, 'utf8'), ts.ScriptTarget.Latest, true);
  return source.statements.reduce((sum, statement) => {
    if (!ts.isExportDeclaration(statement)) return sum;
    const { exportClause } = statement;
    return sum + (exportClause && ts.isNamedExports(exportClause) ? exportClause.elements.length : 1);
  }, 0);
}

/**
 * Places that declare an option: a member of a type, a key with a schema, a flag of the command line.
 * @param {readonly string[]} files @param {string} option
 */
export function declarationsOf(files, option) {
  const flag = `--${option.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
  const spelt = new RegExp(`^${flag}( |$)`);
  return files.filter((file) => {
    if (!file.endsWith('.ts')) return false;
    const text = readFileSync(file, 'utf8');
    if (!text.includes(option) && !text.includes(flag)) return false;
    const source = ts.createSourceFile(file, text, ts.ScriptTarget.Latest, true);
    /** @param {ts.Node} node @returns {boolean} */
    const declares = (node) =>
      (ts.isPropertySignature(node) && node.name.getText() === option) ||
      (ts.isPropertyAssignment(node) &&
        node.name.getText() === option &&
        ts.isCallExpression(node.initializer) &&
        /\.(describe|default|optional)\(|^(z|option|flag|count|share)\b/.test(node.initializer.getText())) ||
      (ts.isStringLiteralLike(node) && spelt.test(node.text)) ||
      (ts.forEachChild(node, (child) => declares(child) || undefined) ?? false);
    return declares(source);
  });
}

/** @param {string} root */
export function measure(root) {
  const files = sourcesOf(root);
  const lines = files.flatMap((file) => readFileSync(file, 'utf8').trimEnd().split('\n'));
  const code = lines.filter((line) => !/^\s*($|\/\/|\/?\*|#)/.test(line));
  const barrels = files.filter((file) => /\/libs\/.*\/src\/index\.ts$/.test(file)).map(exportsOf);
  const places = OPTIONS.map((option) => declarationsOf(files, option).length);
  return {
    'lines without tests': lines.length,
    'of them neither blank nor comment': code.length,
    files: files.length,
    'exports a barrel, mean': Number((barrels.reduce((sum, n) => sum + n, 0) / barrels.length).toFixed(1)),
    'exports a barrel, most': Math.max(...barrels),
    'import cycles, types included': importCycles(files).length,
    'files in them': importCycles(files).flat().length,
    'files that declare a training option, most': Math.max(...places),
  };
}

if (process.argv[1] !== undefined && resolve(process.argv[1]) === fileURLToPath(import.meta.url)) {
  const root = resolve(process.argv[2] ?? join(import.meta.dirname, '../..'));
  if (!existsSync(join(root, 'libs')))
    throw new Error(`${root} has no folder libs: give the root of a checkout.`);
  for (const [name, value] of Object.entries(measure(root))) console.log(`${name.padEnd(46)} ${value}`);
  for (const group of importCycles(sourcesOf(root)))
    console.log(`cycle: ${group.map((file) => relative(root, file)).join(' ↔ ')}`);
}
