/**
 * Text from files on its way to a terminal or into a sentence: control characters, which a terminal would
 * obey, become escapes (\\n, \\u001b).
 */
export function visible(text: string): string {
  return text.replace(/[\p{Cc}\u2028\u2029]/gu, (character) =>
    JSON.stringify(character)
      .slice(1, -1)
      .replace(/^[^\\]$/u, escapeCode),
  );
}

function escapeCode(character: string): string {
  return `\\u${(character.codePointAt(0) ?? 0).toString(16).padStart(4, '0')}`;
}
