/**
 * Why a command failed, by what it wrote to stderr: the last line of its traceback rather than a warning that
 * came later.
 */

/**
 * As Python begins one, perhaps behind a prefix: `[rank0]: ` of torchrun, `  | ` of a group of exceptions.
 */
const tracebackStart = 'Traceback (most recent call last):';
/** What Python could not tell anybody on its way out is not why it went. */
const ofTheWayOut = /^\s*(Exception ignored |Error in atexit|Exception in thread QueueFeederThread)/;
/** Warnings of Python and Node, and lines of a log at that level. */
const warning = /Warning: |^\W*WARN(ING)?\b|\[WARN(ING)?\]|^\W*W\d{4} |^\(Use `node --trace-/;
const indented = /^\s/;

/** @param lines the last ones, as they were written @returns null where there is none */
export function failureReason(lines: readonly string[]): string | null {
  return (tracebackEnd(lines) ?? stackHead(lines) ?? lastLine(lines))?.trim() ?? null;
}

/** The line behind the frames of the last traceback. */
function tracebackEnd(lines: readonly string[]): string | undefined {
  for (let start = lines.length - 1; start >= 0; start--) {
    const place = lines[start]!.indexOf(tracebackStart);
    if (place === -1 || ofTheWayOut.test(lines[start - 1] ?? '')) continue;
    const prefix = lines[start]!.slice(0, place);
    const end = lines
      .slice(start + 1)
      .filter((line) => line.startsWith(prefix))
      .map((line) => line.slice(prefix.length))
      .find((line) => line !== '' && !indented.test(line));
    if (end !== undefined) return end;
  }
  return undefined;
}

/** The line above the frames of a stack as JavaScript and Java write it. */
function stackHead(lines: readonly string[]): string | undefined {
  const frame = lines.findLastIndex((line) => /^\s+at \S/.test(line));
  return frame === -1 ? undefined : lines.slice(0, frame).findLast((line) => /^\S/.test(line));
}

/** The last line that is no warning, nor the line of code that Python shows below one. */
function lastLine(lines: readonly string[]): string | undefined {
  const said = lines.filter((line) => line.trim() !== '');
  const other = said.filter(
    (line, i) => !warning.test(line) && !(indented.test(line) && warning.test(said[i - 1] ?? '')),
  );
  return other.at(-1) ?? said.at(-1);
}
