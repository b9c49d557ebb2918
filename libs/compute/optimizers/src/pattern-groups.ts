/**
 * Layer groups from a user's file, YAML or JSON: a list of groups, each with a name and patterns on tensor
 * names.
 *
 *     - name: attention
 *       patterns: ['encoder.layer.*.attention.*']
 *     - name: the rest
 *       patterns: ['embeddings.*', '/^encoder\.layer\.\d+\.(intermediate|output)\./',
 *       '{head,pooler,classifier}.*']
 *
 * A pattern is a glob on the whole name (`*` any characters, dots too; `?` one; `[0-3]` one of; `{a,b}`
 * either) or a regular expression between slashes, found anywhere in the name.
 */
import { fileExists, InputError, readRegular } from '@layerwise/errors';
import { isMap, isScalar, isSeq, LineCounter, parseDocument, type Node } from 'yaml';
import {
  fingerprinted,
  layerGrouping,
  paperGrouping,
  type Grouping,
  type LayerGroup,
} from './layer-groups.js';

/**
 * The grouping that `--groups` names, for an encoder of `layers` layers: `paper`, `paper-ceil`, `layers`, or
 * a file.
 * @throws InputError for a file that does not exist or is no list of groups, with its line.
 */
export function readGrouping(choice: string, layers: number): Grouping {
  if (choice === 'paper' || choice === 'paper-ceil') return paperGrouping(layers, choice);
  if (choice === 'layers') return layerGrouping(layers);
  return parsePatternGroups(readText(choice), choice);
}

/** Groups of a file's text. @throws InputError with file and line. */
export function parsePatternGroups(text: string, file: string): Grouping {
  const counter = new LineCounter();
  const document = parseDocument(text, { lineCounter: counter });
  const at = (node: unknown): string => {
    const start = (node as Node | null)?.range?.[0];
    return start === undefined ? file : `${file}, line ${counter.linePos(start).line}`;
  };
  const [error] = document.errors;
  if (error) {
    const { line } = counter.linePos(error.pos[0]);
    const reason = error.message.split('\n')[0]!.replace(/ at line \d+, column \d+:?$/, '');
    throw new InputError(
      `${file}, line ${line}: this is neither YAML nor JSON (${reason}); correct the file.`,
    );
  }
  const list = document.contents;
  if (!isSeq(list) || list.items.length === 0) {
    throw new InputError(`${at(list)}: expected a list of layer groups, each with a name and patterns.`);
  }
  const groups = list.items.map((item): LayerGroup => {
    if (!isMap(item)) throw new InputError(`${at(item)}: expected a layer group with a name and patterns.`);
    for (const { key } of item.items) {
      if (!isScalar(key) || (key.value !== 'name' && key.value !== 'patterns')) {
        throw new InputError(`${at(key)}: a layer group has a name and patterns, not "${String(key)}".`);
      }
    }
    const name = item.get('name');
    if (typeof name !== 'string' || name === '') {
      throw new InputError(`${at(item)}: this layer group needs a name (a text).`);
    }
    return { name, parts: [], patterns: patternsOf(item.get('patterns', true), name, at(item), at) };
  });
  const twice = groups.find(({ name }, i) => groups.findIndex((group) => group.name === name) !== i);
  if (twice) throw new InputError(`${file}: two layer groups are called "${twice.name}"; rename one.`);
  return fingerprinted('patterns', groups);
}

/** The regular expression that a pattern stands for. @throws InputError for a malformed one. */
export function matcherOf(pattern: string): RegExp {
  try {
    return new RegExp(patternSource(pattern), 'u');
  } catch {
    throw new InputError(
      `The layer group pattern "${pattern}" is not a valid ${expressionIn(pattern) === undefined ? 'glob' : 'regular expression'}; correct it.`,
    );
  }
}

/** The source of that regular expression, for other languages too. */
export function patternSource(pattern: string): string {
  return expressionIn(pattern) ?? `^${globToExpression(pattern)}$`;
}

/** What stands between slashes, of a pattern that is no glob. */
function expressionIn(pattern: string): string | undefined {
  return /^\/(.*)\/$/s.exec(pattern)?.[1];
}

function globToExpression(glob: string): string {
  let depth = 0;
  return glob.replace(/\[[^\]]*\]|[{},*?]|[\\^$+.()|[\]/]/gu, (token) => {
    if (token === '*') return '.*';
    if (token === '?') return '.';
    if (token.length > 1) return token.replace(/^\[!/, '[^').replaceAll('\\', '\\\\');
    if (token === '{') depth++;
    if (token === '{') return '(?:';
    if (token === ',') return depth > 0 ? '|' : ',';
    if (token === '}') return depth-- > 0 ? ')' : '\\}';
    return `\\${token}`;
  });
}

function patternsOf(node: unknown, name: string, where: string, at: (node: unknown) => string): string[] {
  const items = isSeq(node) ? node.items : isScalar(node) ? [node] : [];
  if (items.length === 0) {
    throw new InputError(
      `${where}: the layer group "${name}" needs patterns, a list of globs or /regular expressions/.`,
    );
  }
  return items.map((item) => {
    if (!isScalar(item) || typeof item.value !== 'string' || item.value === '') {
      throw new InputError(
        `${at(item)}: a pattern of the layer group "${name}" is not a text; put it in quotes.`,
      );
    }
    try {
      matcherOf(item.value);
    } catch (error) {
      if (error instanceof InputError) throw new InputError(`${at(item)}: ${error.message}`);
      throw error;
    }
    return item.value;
  });
}

function readText(file: string): string {
  if (!fileExists(file))
    throw new InputError(
      `There is no file ${file} for --groups; give paper, paper-ceil, layers, or a YAML or JSON file of layer groups.`,
    );
  return readRegular(file).toString();
}
