/**
 * Reads an SVG back: its elements, and where marks stand in the units of its axes, told from the ticks alone.
 */
import { expect } from 'vitest';

export interface Element {
  readonly name: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly children: Element[];
  text: string;
}

/** The root element. Throws where tags do not match or a text holds what XML forbids. */
export function parseSvg(svg: string): Element {
  const root: Element = { name: '', attributes: {}, children: [], text: '' };
  const open = [root];
  for (const [, tag, text] of svg.matchAll(/<([^<>]*)>|([^<>]+)/g)) {
    const top = open.at(-1)!;
    if (text !== undefined) {
      expect(text).not.toMatch(/&(?!amp;|lt;|gt;|quot;|#)/);
      top.text += unescaped(text);
    } else if (tag!.startsWith('/')) {
      expect(tag).toBe(`/${top.name}`);
      open.pop();
    } else {
      const name = /^[\w-]+/.exec(tag!)![0];
      const attributes = Object.fromEntries(
        [...tag!.matchAll(/([\w:-]+)="([^"]*)"/g)].map(([, key, value]) => [key!, unescaped(value!)]),
      );
      const element: Element = { name, attributes, children: [], text: '' };
      top.children.push(element);
      if (!tag!.endsWith('/')) open.push(element);
    }
  }
  expect(open).toEqual([root]);
  return root.children[0]!;
}

/** The elements that carry the class `name`, as vega calls parts of a chart. */
export function withClass(element: Element, name: string): Element[] {
  const own = (element.attributes['class'] ?? '').split(' ').includes(name) ? [element] : [];
  return [...own, ...element.children.flatMap((child) => withClass(child, name))];
}

export function allTexts(element: Element): string[] {
  return [...(element.text === '' ? [] : [element.text]), ...element.children.flatMap(allTexts)];
}

/** x and y of the first `translate` of an element. */
export function placeOf(element: Element): [x: number, y: number] {
  const [, x, y] = /translate\((-?[\d.]+),(-?[\d.]+)\)/.exec(element.attributes['transform'] ?? '')!;
  return [Number(x), Number(y)];
}

/** Corners of a path that is drawn with absolute M and L. */
export function cornersOf(path: Element): [x: number, y: number][] {
  return [...path.attributes['d']!.matchAll(/[ML](-?[\d.]+),(-?[\d.]+)/g)].map(([, x, y]) => [
    Number(x),
    Number(y),
  ]);
}

/** A rectangle that is drawn as M x,y h width v height. */
export function rectangleOf(path: Element): { x: number; y: number; width: number; height: number } {
  const numbers = /^M(-?[\d.]+),(-?[\d.]+)h(-?[\d.]+)v(-?[\d.]+)/.exec(path.attributes['d']!)!;
  const [x, y, width, height] = numbers.slice(1).map(Number);
  return { x: x!, y: y!, width: width!, height: height! };
}

/** From pixels to units, by the outermost two labelled ticks of a linear axis: 0 is the x, 1 the y axis. */
export function unitsOf(svg: Element, dimension: 0 | 1): (pixel: number) => number {
  const labels = withClass(svg, 'role-axis-label')
    .flatMap(({ children }) => children)
    .filter((label) => (label.attributes['text-anchor'] === 'end') === (dimension === 1));
  const ticks = labels.map((label) => ({
    value: Number(label.text.replaceAll(',', '').replace('−', '-')),
    // A label of the y axis stands a little below its tick: the gridline tells where.
    pixel: placeOf(label)[dimension] - (dimension === 1 ? labelDrop : 0),
  }));
  const [first, last] = [ticks[0]!, ticks.at(-1)!];
  return (pixel) =>
    first.value + ((pixel - first.pixel) * (last.value - first.value)) / (last.pixel - first.pixel);
}

/** A third of the size of the labels: vega's way to centre them upon their tick. */
export const labelDrop = 4;

function unescaped(text: string): string {
  return text
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&quot;', '"')
    .replaceAll('&amp;', '&');
}
