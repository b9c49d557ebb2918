/** JSON as Python's `json.dumps` writes it: with NaN, Infinity and -Infinity, which JSON does not have. */

/** Texts are matched first, so that words inside of them are left alone. */
const textOrNumber = /"(?:[^"\\]|\\.)*"|-?Infinity|NaN/g;
/** Begins the text that stands for such a number until it is revived; JSON writers escape it. */
const mark = '\u0000';
const marked = new RegExp(`^${mark}(NaN|-?Infinity)$`);

/** @throws SyntaxError when the text is not JSON beside these words */
export function parsePythonJson(text: string): unknown {
  const plain = text.replace(textOrNumber, (found) =>
    found.startsWith('"') ? found : JSON.stringify(mark + found),
  );
  return JSON.parse(plain, (_, value: unknown) =>
    typeof value === 'string' && marked.test(value) ? Number(value.slice(mark.length)) : value,
  ) as unknown;
}
