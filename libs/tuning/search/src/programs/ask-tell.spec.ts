/** The lines of ask and tell, as a program on the other side of a pipe sees them. */
import { InputError } from '@layerwise/errors';
import { beforeEach, describe, expect, it } from 'vitest';
import { memoryJournal } from '../journal/journal.js';
import { smallDeciders, smallSettings } from '../../test/small-study.js';
import { answerLine } from './ask-tell.js';
import { openStudy, type Study } from '../study/study.js';

let study: Study;
beforeEach(() => (study = openStudy(memoryJournal(), smallSettings({ trials: 9 }), smallDeciders)));

const written = (line: string, rungs = true): string[] => [...answerLine(study, line, rungs)];
const say = (line: unknown, rungs = true): unknown[] =>
  written(typeof line === 'string' ? line : JSON.stringify(line), rungs).map(
    (answer) => JSON.parse(answer) as unknown,
  );

it('answers an ask with the trial, its values in order and its fidelity, and a tell with nothing', () => {
  expect(written('{"ask":1}')).toEqual(['{"trial":0,"values":[0.00001,6,"a"],"fidelity":1}']);
  expect(say({ tell: 0, reward: 1.7, fidelity: 1 })).toEqual([]);
  expect(study.state.trials[0]!.measurements).toEqual([
    { fidelity: 1, reward: 1.7, measures: {}, steps: 1, seconds: 0 },
  ]);
  expect(written('{"best":1}')).toEqual(['{"trial":0,"values":[0.00001,6,"a"],"reward":1.7,"fidelity":1}']);
});

it('gives as many runs as are asked for, and then promotions', () => {
  const runs = say({ ask: 3 }) as { trial: number; fidelity: number }[];
  expect(runs.map(({ trial }) => trial)).toEqual([0, 1, 2]);
  for (const { trial } of runs) say({ tell: trial, reward: trial });
  expect(say({ ask: 1 })).toMatchObject([{ trial: 2, fidelity: 3 }]);
  say({ tell: 2, reward: 5, steps: 7, seconds: 2, measures: { shifted: 0.7 } });
  expect(study.state.trials[2]!.measurements[1]).toEqual({
    fidelity: 3,
    reward: 5,
    measures: { shifted: 0.7 },
    steps: 7,
    seconds: 2,
  });
  // A promoted trial goes on from where it was told, so the first run cost 1 and so did the others.
  expect(study.state.spent.search).toBe(3 + 7);
});

it('looks at no fidelity that is told where all runs are whole', () => {
  const plan = { eta: 3, fidelities: [1], brackets: [{ firstRung: 0, trials: 1 }] };
  study = openStudy(memoryJournal(), smallSettings({ plan, trials: 1 }), {
    ...smallDeciders,
    scheduler: () => ({ kind: 'new', bracket: 0, target: 1 }),
  });
  expect(say({ ask: 1 }, false)).toEqual([{ trial: 0, values: [1e-5, 6, 'a'], fidelity: 1 }]);
  expect(say({ ask: 1 }, false)).toEqual([{ wait: true }]);
  expect(say({ tell: 0, reward: 2, fidelity: 9 }, false)).toEqual([]);
  expect(say({ best: 1 }, false)).toEqual([{ trial: 0, values: [1e-5, 6, 'a'], reward: 2, fidelity: 1 }]);
  const repeat = {
    trial: 1,
    values: [1e-5, 6, 'a'],
    fidelity: 1,
    repeatOf: 0,
    seed: study.state.trials[0]!.seed,
  };
  const [asked] = say({ ask: 1 }, false) as [typeof repeat];
  expect(asked).toEqual({ ...repeat, seed: asked.seed });
  expect(asked.seed).not.toBe(repeat.seed);
  say({ tell: 1, reward: 1 }, false);
  say({ ask: 1 }, false);
  say({ tell: 2, reward: 1.5 }, false);
  expect(say({ ask: 1 }, false)).toEqual([{ done: true, reason: '1 trial is made' }]);
  expect(say({ best: 1 }, false)).toMatchObject([{ trial: 0, reward: 1.5, repeats: { mean: 1.25 } }]);
});

describe('trials that go wrong', () => {
  it.each(['failed', 'diverged'])('are told by their state: %s', (state) => {
    say({ ask: 1 });
    expect(say({ tell: 0, state, message: 'out of memory' })).toEqual([]);
    expect(study.state.trials[0]).toMatchObject({ state, message: 'out of memory' });
    expect(say({ ask: 1 })).toMatchObject([{ trial: 1 }]);
  });

  it.each(['NaN', 'Infinity', '-Infinity', 'null'])('diverge with the reward %s', (reward) => {
    say({ ask: 1 });
    expect(say(`{"tell": 0, "reward": ${reward}, "fidelity": 1}`)).toEqual([]);
    expect(study.state.trials[0]!.state).toBe('diverged');
  });

  it.each(['NaN', 'null', 'Infinity', '-Infinity', '1e400'])(
    'are not those whose reward is a number beside the measure %s',
    (loss) => {
      say({ ask: 1 });
      expect(say(`{"tell":0,"reward":0.5,"measures":{"loss":${loss},"rows":3}}`)).toEqual([]);
      expect(study.state.trials[0]!.measurements).toMatchObject([{ reward: 0.5, measures: { rows: 3 } }]);
    },
  );

  it('keep their message, whatever words are in it', () => {
    say({ ask: 1 });
    const message = 'loss: NaN, "lr": -Infinity }';
    say({ tell: 0, state: 'diverged', message });
    expect(study.state.trials[0]!.message).toBe(message);
  });

  it('are given again when stale, and their late reward is taken once', () => {
    const [first] = say({ ask: 1 });
    say({ tell: 0, state: 'stale' });
    expect(say({ ask: 1 })).toEqual([first]);
    expect(say({ tell: 0, reward: 1 })).toEqual([]);
    expect(say({ tell: 0, reward: 1 })).toEqual([
      { error: 'Trial 0 was told before: ask for the next run.' },
    ]);
  });
});

it.each([
  ['hello', 'The line is not JSON'],
  ['[1]', 'The line is no JSON object'],
  ['{"aks":1}', 'A line asks or tells'],
  ['{"ask":0}', 'ask: '],
  ['{"ask":1,"tell":1}', 'Unrecognized key: "tell"'],
  ['{"tell":0}', 'reward: '],
  ['{"tell":0,"reward":"good"}', 'reward: '],
  ['{"tell":0,"reward":1,"state":"failed"}', 'Unrecognized key: "reward"'],
  ['{"tell":0,"state":"sad"}', 'state: '],
  ['{"tell":7,"reward":1}', 'There is no trial 7: they are numbered 0 to 0.'],
  ['{"tell":7,"state":"stale"}', 'There is no trial 7: they are numbered 0 to 0.'],
  ['{"tell":0,"reward":1,"fidelity":9}', 'Trial 0 is to reach fidelity 1, not 9.'],
  ['{"best":1}', 'No trial was measured yet'],
  ['{"tell":0,"reward":1,"reward":2}', 'The line has the key "reward" twice: leave one out.'],
  ['{"tell":0,"reward":1,"steps":1e308}', 'steps: '],
  ['{"tell":0,"reward":1,"seconds":1e300}', 'seconds: '],
  [
    `{"tell":0,"reward":1,"measures":{${Array.from({ length: 1001 }, (_, i) => `"m${i}":1`).join()}}}`,
    'measures: at most 1000 are kept',
  ],
])('%s is answered with an error, and changes nothing', (line, sentence) => {
  say({ ask: 1 });
  const before = study.state;
  const [answer] = say(line) as [{ error: string }];
  expect(Object.keys(answer)).toEqual(['error']);
  expect(answer.error).toContain(sentence);
  expect(study.state).toBe(before);
});

it('a run whose line nobody takes is not begun', () => {
  const lines = answerLine(study, '{"ask":3}', true);
  lines.next();
  lines.next();
  expect(study.state.trials).toHaveLength(2);
});

it('a journal that cannot be written ends the answers, after the runs that were given', () => {
  let left = 2;
  const full: Study = {
    ...study,
    get state() {
      return study.state;
    },
    ask: () => {
      if (left-- === 0) throw new InputError('cannot write journal.jsonl: the disk is full (ENOSPC)');
      return study.ask();
    },
  };
  expect(
    [...answerLine(full, '{"ask":4}', true)].map((line) => Object.keys(JSON.parse(line) as object)[0]),
  ).toEqual([...['trial', 'trial', 'error']]);
});

it('an empty line is nothing', () => {
  expect(say('  ')).toEqual([]);
});
