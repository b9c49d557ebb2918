/**
 * Reads a stage's declaration out of TypeScript source text: the literals `name` and `after` of the one call
 * of `defineStage({...})`, and whether it has `plots`. The text is parsed, not compiled and not run, so a
 * task graph needs no build.
 */
import ts from 'typescript';

/**
 * @param {string} text source of a stage file
 * @param {string} file its name, for messages
 * @returns {{name: string, after: string[], plots: boolean}}
 */
export function readDeclaration(text, file) {
  const source = ts.createSourceFile(file, text, ts.ScriptTarget.Latest, true);
  const [call, ...further] = findCalls(source);
  if (call === undefined || further.length > 0) {
    const times = call === undefined ? 0 : 1 + further.length;
    throw new Error(`${file} must call defineStage({...}) once, but does so ${times} times.`);
  }
  const [declaration] = call.arguments;
  if (declaration === undefined || !ts.isObjectLiteralExpression(declaration)) {
    throw new Error(`${file} must hand defineStage an object literal.`);
  }
  const name = propertyOf(declaration, 'name');
  if (name === undefined || !ts.isStringLiteralLike(name)) {
    throw new Error(`${file} must give the stage's \`name\` as a string literal.`);
  }
  const plots = declaration.properties.some((property) => property.name?.getText() === 'plots');
  const after = propertyOf(declaration, 'after');
  if (after === undefined) return { name: name.text, after: [], plots };
  const list = ts.isAsExpression(after) ? after.expression : after;
  const names = ts.isArrayLiteralExpression(list) ? list.elements.filter(ts.isStringLiteralLike) : [];
  if (!ts.isArrayLiteralExpression(list) || names.length < list.elements.length) {
    throw new Error(`${file} must give the stage's \`after\` as an array of string literals.`);
  }
  return { name: name.text, after: names.map((element) => element.text), plots };
}

/** @param {ts.Node} node @returns {ts.CallExpression[]} */
function findCalls(node) {
  const here =
    ts.isCallExpression(node) && ts.isIdentifier(node.expression) && node.expression.text === 'defineStage';
  /** @type {ts.CallExpression[]} */
  const below = [];
  ts.forEachChild(node, (child) => void below.push(...findCalls(child)));
  return here ? [node, ...below] : below;
}

/** @param {ts.ObjectLiteralExpression} object @param {string} name */
function propertyOf(object, name) {
  const property = object.properties.find(
    (candidate) => ts.isPropertyAssignment(candidate) && candidate.name.getText() === name,
  );
  return property !== undefined && ts.isPropertyAssignment(property) ? property.initializer : undefined;
}
