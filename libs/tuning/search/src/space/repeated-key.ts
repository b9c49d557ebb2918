/**
 * A key that an object of a JSON text has twice. JSON.parse keeps the last one without a word, so that a
 * parameter whose name was given twice would be searched by half of what the file says.
 */

/** A text, with the colon behind it where it is a key; or where an object begins or ends. */
const token = /("(?:[^"\\]|\\.)*")(\s*:)?|[{}]/gs;

/** The first such key, with its escapes undone, and its line. @param json a text that JSON.parse took */
export function repeatedKey(json: string): { readonly key: string; readonly line: number } | undefined {
  const objects: Set<string>[] = [];
  for (const { 0: found, 1: text, 2: colon, index } of json.matchAll(token)) {
    if (found === '{') objects.push(new Set());
    else if (found === '}') objects.pop();
    else if (text !== undefined && colon !== undefined) {
      const key = JSON.parse(text) as string;
      if (objects.at(-1)?.has(key) === true) return { key, line: json.slice(0, index).split('\n').length };
      objects.at(-1)?.add(key);
    }
  }
  return undefined;
}
