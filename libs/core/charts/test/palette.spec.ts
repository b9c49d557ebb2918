/**
 * The colours as the colour-blind see them: simulated with the matrices of Machado, Oliveira and Fernandes
 * (2009, severity 1.0, linear RGB), compared by CIE 1976 colour difference (D65). Contrast on white is that
 * of WCAG 2.
 */
import { describe, expect, it } from 'vitest';
import { colours, coloursFor, mostCategories, shapes, shapesFor } from '../src/palette.js';

type Triple = readonly [number, number, number];
type Matrix = readonly [Triple, Triple, Triple];

const visions: Record<string, Matrix> = {
  normal: [
    [1, 0, 0],
    [0, 1, 0],
    [0, 0, 1],
  ],
  protanopia: [
    [0.152286, 1.052583, -0.204868],
    [0.114503, 0.786281, 0.099216],
    [-0.003882, -0.048116, 1.051998],
  ],
  deuteranopia: [
    [0.367322, 0.860646, -0.227968],
    [0.280085, 0.672501, 0.047413],
    [-0.01182, 0.04294, 0.968881],
  ],
  tritanopia: [
    [1.255528, -0.076749, -0.178779],
    [-0.078411, 0.930809, 0.147602],
    [0.004733, 0.691367, 0.3039],
  ],
};

/** sRGB (D65) to CIE XYZ. */
const toXyz: Matrix = [
  [0.4124564, 0.3575761, 0.1804375],
  [0.2126729, 0.7151522, 0.072175],
  [0.0193339, 0.119192, 0.9503041],
];

const times = (matrix: Matrix, [a, b, c]: Triple): Triple => {
  const [x, y, z] = matrix.map((row) => row[0] * a + row[1] * b + row[2] * c);
  return [x!, y!, z!];
};

function linear(colour: string): Triple {
  const [r, g, b] = [1, 3, 5].map((at) => {
    const value = Number.parseInt(colour.slice(at, at + 2), 16) / 255;
    return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
  });
  return [r!, g!, b!];
}

function lab(rgb: Triple): Triple {
  const inside = rgb.map((value) => Math.min(1, Math.max(0, value))) as unknown as Triple;
  const [x, y, z] = times(toXyz, inside);
  const f = (t: number): number => (t > (6 / 29) ** 3 ? Math.cbrt(t) : t / (3 * (6 / 29) ** 2) + 4 / 29);
  const [fx, fy, fz] = [f(x / 0.95047), f(y), f(z / 1.08883)];
  return [116 * fy - 16, 500 * (fx - fy), 200 * (fy - fz)];
}

function closest(list: readonly string[], vision: Matrix): number {
  const seen = list.map((colour) => lab(times(vision, linear(colour))));
  const distances = seen.flatMap((a, i) =>
    seen.slice(i + 1).map((b) => Math.hypot(a[0] - b[0], a[1] - b[1], a[2] - b[2])),
  );
  return Math.min(...distances);
}

const contrastOnWhite = (colour: string): number => 1.05 / (times(toXyz, linear(colour))[1] + 0.05);

describe.each(Object.entries(visions))('with %s', (_, vision) => {
  it('all eight colours differ clearly, the first two even more', () => {
    expect(closest(colours, vision)).toBeGreaterThan(15);
    expect(closest(colours.slice(0, 2), vision)).toBeGreaterThan(45);
  });
});

it('the measure is one: what is known to be confused comes out close, black and white 100 apart', () => {
  expect(closest(['#000000', '#ffffff'], visions['normal']!)).toBeCloseTo(100, 0);
  // The default red and green of many plotting libraries.
  expect(closest(['#2ca02c', '#d62728'], visions['normal']!)).toBeGreaterThan(80);
  expect(closest(['#8a8a00', '#d62728'], visions['deuteranopia']!)).toBeLessThan(20);
});

it('every colour stands out from white paper; the first two differ in greyscale by 20 of 100', () => {
  for (const colour of colours) expect(contrastOnWhite(colour), colour).toBeGreaterThan(2.2);
  const [blue, orange] = colours.map((colour) => lab(linear(colour))[0]);
  expect(orange! - blue!).toBeGreaterThan(20);
});

it('as many categories as promised differ in colour or shape', () => {
  const [colour, shape] = [coloursFor(mostCategories), shapesFor(mostCategories)];
  expect(new Set(colour.map((c, i) => `${c} ${shape[i]!}`)).size).toBe(mostCategories);
  expect(mostCategories).toBe(56);
  expect(new Set(shapes).size).toBe(shapes.length);
});

it('24 colours without shapes: eight, then darker, then lighter ones, then anew', () => {
  const many = coloursFor(25);
  expect(new Set(many).size).toBe(24);
  expect(many[24]).toBe(many[0]);
  // 0x00, 0x72 and 0xb2 times 0.55; then with 0.45 × 255 added.
  expect(many[8]).toBe('#003f62');
  expect(many[16]).toBe('#73b1d5');
  for (const colour of many) expect(colour).toMatch(/^#[0-9a-f]{6}$/);
});
