/** Numbers with what they count, for sentences. */

/** `1 row`, `2 rows`: `thing` is the name of one. */
export function counted(count: number, thing: string): string {
  return `${count} ${thing}${count === 1 ? '' : 's'}`;
}
