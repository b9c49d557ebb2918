/**
 * Text from files and programs on its way to a terminal or into a sentence: what a terminal would obey
 * becomes escapes (\\n, \\u001b, \\u202e). That is control characters of both blocks (U+009B alone begins a
 * sequence), separators of lines, and what turns the direction of writing, which shows words in another
 * order than they have.
 */
export function visible(text: string): string {
  return text.replace(/[\p{Cc}\u2028\u2029\p{Bidi_Control}]/gu, (character) => {
    const json = JSON.stringify(character).slice(1, -1);
    return json === character ? `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}` : json;
  });
}

/** The same for a text of several lines, whose line breaks stay. */
export function visibleLines(text: string): string {
  return text.split('\n').map(visible).join('\n');
}
