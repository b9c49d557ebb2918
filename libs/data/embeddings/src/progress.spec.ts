import { expect, it } from 'vitest';
import { createProgress } from './progress.js';

it('tells every two seconds how long the rest takes, by the tokens that were computed', () => {
  const lines: string[] = [];
  let time = 0;
  const advance = createProgress(
    { texts: 100, tokens: 1000 },
    (line) => lines.push(line),
    () => time,
  );
  const after = (ms: number, ...done: Parameters<typeof advance>): void => {
    time = ms;
    advance(...done);
  };
  after(100, 10, 400, false); // found, so it says nothing of the speed
  after(1900, 5, 100, true);
  expect(lines).toEqual([]);
  after(4000, 5, 100, true); // 200 tokens in 4 s, 400 are left
  after(5000, 40, 200, true);
  expect(lines).toEqual(['20/100 texts, 8 s left']);
  after(5500, 40, 200, true);
  expect(lines.at(-1)).toBe('100/100 texts');
});
