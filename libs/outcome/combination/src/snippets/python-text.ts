/** Values as Python source: what the snippets are made of. */

/** A string: raw where that is easier to read, as regular expressions are. */
export function pythonString(text: string): string {
  const isPlain = /^[ -~]*$/.test(text) && !/["\\]$/.test(text) && !text.includes('"');
  return isPlain ? `${text.includes('\\') ? 'r' : ''}"${text}"` : JSON.stringify(text);
}

/** A number above 0 with all its digits; small and large ones with a power of ten. */
export function pythonFloat(value: number): string {
  return value >= 1e-3 && value < 1e3 ? String(value) : value.toExponential();
}
