/**
 * In the dark, text and marks stand out from the ground as WCAG 2.2 wants it; the reference values are its
 * own.
 */
import { ink } from '@layerwise/charts';
import { expect, it } from 'vitest';
import { contrast, darkColours, darkRules, GROUND, PAGE } from './colours.js';

it('computes the contrast as WCAG does', () => {
  expect(contrast('#000000', '#ffffff')).toBeCloseTo(21, 6);
  // The lightest grey that passes 4.5 on white, in W3C's own techniques.
  expect(contrast('#767676', '#ffffff')).toBeCloseTo(4.54, 2);
  expect(contrast('#777777', '#ffffff')).toBeLessThan(4.5);
});

it.each(['light', 'dark'] as const)(
  'text, quiet text and links pass 4.5 in the %s, on the tint too',
  (scheme) => {
    for (const colour of [PAGE[scheme].text, PAGE[scheme].quiet, PAGE[scheme].link])
      for (const ground of [GROUND[scheme], PAGE[scheme].tint])
        expect(contrast(colour, ground)).toBeGreaterThan(4.5);
  },
);

it('every colour of a chart but the grid stands out in the dark', () => {
  const colours = darkColours();
  expect(colours.size).toBeGreaterThan(20);
  for (const [from, to] of colours)
    if (from !== ink.grid) expect(contrast(to, GROUND.dark), from).toBeGreaterThan(from === ink.text ? 7 : 3);
  expect(darkRules('svg')).toContain(`svg [fill="${ink.text}"]{fill:${PAGE.dark.text}}`);
});
