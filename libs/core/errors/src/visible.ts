/**
 * Text from files on its way to a terminal or into a sentence: control characters, which a terminal would
 * obey, become escapes (\\n, \\u001b).
 */
export function visible(text: string): string {
  return text.replace(/[\p{Cc}\u2028\u2029]/gu, (character) => {
    const json = JSON.stringify(character).slice(1, -1);
    return json === character ? `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}` : json;
  });
}
