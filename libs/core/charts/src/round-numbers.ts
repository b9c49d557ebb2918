/** Rounds the coordinates in an SVG: the same text where the last bits of a sine differ, and a short one. */

const tag = /<[a-zA-Z][^>]*>/g;
const geometry =
  /(\s(?:d|transform|x|y|x1|x2|y1|y2|dx|dy|cx|cy|r|rx|ry|width|height|viewBox|points)=")([^"]*)"/g;
const fraction = /-?\d*\.\d+(?:e[-+]?\d+)?|-?\d+e[-+]?\d+/gi;

/** `svg` with the numbers of its geometry rounded to `digits` decimals; texts, names and colours stay. */
export function roundNumbers(svg: string, digits = 2): string {
  // Adding zero turns -0 into 0.
  const round = (number: string): string => String(Number(Number(number).toFixed(digits)) + 0);
  return svg.replace(tag, (element) =>
    element.replace(
      geometry,
      (_, name: string, value: string) => `${name}${value.replace(fraction, round)}"`,
    ),
  );
}
