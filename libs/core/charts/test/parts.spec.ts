/** The small parts: rounding, text widths, wrapping, folding, extents. */
import { Resvg } from '@resvg/resvg-js';
import { describe, expect, it } from 'vitest';
import { extentOf, padded, sameSpan } from '../src/extent.js';
import { foldRare } from '../src/fold-rare.js';
import { roundNumbers } from '../src/index.js';
import { pngFont } from '../src/png.js';
import { textWidth } from '../src/text-width.js';
import { wrap } from '../src/wrap.js';

describe('roundNumbers', () => {
  it('rounds geometry to two decimals, without trailing zeros and without -0', () => {
    expect(roundNumbers('<path d="M1.23456,-0.001L1e-7,2.5e+1C.125 100 3.10000Z"/>')).toBe(
      '<path d="M1.23,0L0,25C0.13 100 3.1Z"/>',
    );
    expect(roundNumbers('<g transform="translate(0.49999999,10.005001) rotate(-90)">')).toBe(
      '<g transform="translate(0.5,10.01) rotate(-90)">',
    );
    expect(roundNumbers('<line x2="1.999" y2="-1.994"/>', 1)).toBe('<line x2="2" y2="-2"/>');
  });

  it('leaves texts, names, colours and opacities', () => {
    for (const svg of [
      '<text>d="1.23456" 1.23456</text>',
      '<g aria-label="1.23456" class="v1.23456" fill-opacity="0.12345" data-x="1.23456"/>',
      '<path fill="#1e3456"/>',
    ]) {
      expect(roundNumbers(svg)).toBe(svg);
    }
  });

  it('gives the same again', () => {
    const once = roundNumbers('<path d="M0.005,1.005,2.675,-0.015"/>');
    expect(roundNumbers(once)).toBe(once);
  });
});

const width = (text: string, weight: string): number => {
  const body = `<text x="10" y="40" font-size="20" font-weight="${weight}" font-family="DejaVu Sans">|${text}|</text>`;
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="2000" height="60">${body}</svg>`;
  return new Resvg(svg, { font: pngFont }).getBBox()?.width ?? 0;
};

it('a text is as wide as resvg draws it in DejaVu Sans', () => {
  const texts = [
    't-SNE of dev sentences',
    '0123456789',
    'WMwm ill {~}',
    'The quick brown fox, jumped (over)!',
  ];
  for (const text of texts) {
    // The bars at the ends make white space count.
    const drawn = width(text, 'normal') - width('', 'normal');
    expect(textWidth(text, 20) / drawn, text).toBeGreaterThan(0.97);
    expect(textWidth(text, 20) / drawn, text).toBeLessThan(1.03);
    const bold = width(text, 'bold') - width('', 'bold');
    expect(textWidth(text, 20, true), text).toBeGreaterThan(0.99 * bold);
  }
});

it('letters beyond ASCII count as wide ones, Chinese as squares', () => {
  expect(textWidth('é', 10)).toBe(7);
  expect(textWidth('中文', 10)).toBe(20);
  expect(textWidth('😀', 10)).toBe(10);
});

it('words are wrapped to the width; a word longer than that is left whole', () => {
  // A digit is 0.64 em, a space 0.32 em.
  expect(wrap('11 22 33', { fontSize: 100 }, 2 * 128 + 32)).toEqual(['11 22', '33']);
  expect(wrap('11 22 33', { fontSize: 100 }, 2 * 128 + 31)).toEqual(['11', '22', '33']);
  expect(wrap('  1 22222\n3 ', { fontSize: 100 }, 100)).toEqual(['1', '22222', '3']);
  expect(wrap('', { fontSize: 12 }, 100)).toEqual([]);
});

it('the rarest categories become one, the others keep their order', () => {
  const names = ['a', 'b', 'c', 'd', 'e'];
  const category = Int32Array.of(4, 4, 4, 0, 1, 1, 2, 2, 3);
  const folded = foldRare({ category, names }, 4);
  expect(folded.names).toEqual(['b', 'c', 'e', '2 others']);
  expect([...folded.category]).toEqual([2, 2, 2, 3, 0, 0, 1, 1, 3]);
  expect(foldRare({ category, names }, 5)).toEqual({ category, names });
});

it('extents', () => {
  expect(extentOf([[3, -1], [], [7]])).toEqual([-1, 7]);
  expect(extentOf([[]])).toEqual([0, 0]);
  expect(padded([0, 10], 0.1)).toEqual([-1, 11]);
  expect(padded([100, 100], 0.1)).toEqual([90, 110]);
  expect(padded([0, 0], 0.1)).toEqual([-0.5, 0.5]);
  expect(sameSpan([0, 10], [4, 6])).toEqual([
    [0, 10],
    [0, 10],
  ]);
});
