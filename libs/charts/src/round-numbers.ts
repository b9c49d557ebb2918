/** Rounded coordinates: shorter files, and the same text where the last bits of a computation differ from machine to machine. */

const DECIMALS = 2;

/** An SVG with the numbers of its geometry rounded to hundredths of a pixel; the texts that people read are left alone. */
export function roundNumbers(svg: string): string {
  return svg.replace(/<[^>]*>/g, (tag) =>
    tag.replace(
      / (d|transform|x|y|x1|x2|y1|y2|width|height|cx|cy|r|points)="([^"]*)"/g,
      (_, name: string, value: string) => {
        const rounded = value.replace(/-?\d+\.\d+(e-?\d+)?/g, (number) => short(Number(number)));
        return ` ${name}="${rounded}"`;
      },
    ),
  );
}

/** Without trailing zeros and without a minus before zero. */
function short(value: number): string {
  const rounded = Number(value.toFixed(DECIMALS));
  return String(rounded === 0 ? 0 : rounded);
}
