/** What can be typed, and what one sentence says of the rest. */
import { InputError } from '@layerwise/errors';
import { describe, expect, it } from 'vitest';
import { commandOf, PARTS, settingsOf } from '../src/options.mjs';

const onTasks = ['--encoder', 'minilm', '--data', 'glue'];

describe('settingsOf', () => {
  it('measures everything where nothing is named, and leaves out what lacks its tasks', () => {
    expect(settingsOf(onTasks)).toMatchObject({ parts: PARTS, left: [], peer: null, runs: 5 });
    expect(settingsOf([])).toMatchObject({
      parts: ['step', 'dropout', 'memory', 'profile', 'products'],
      left: ['finetune', 'parallel', 'large'],
    });
  });

  it('measures the parts that are named, --profile among them', () => {
    expect(settingsOf(['memory', 'step']).parts).toEqual(['step', 'memory']);
    expect(settingsOf(['--profile']).parts).toEqual(['profile']);
    expect(settingsOf(['step', 'profile', '--profile']).parts).toEqual(['step', 'profile']);
  });

  it('reads shapes, of 64 tokens a text where nothing is said', () => {
    expect(settingsOf(['--shapes', '2x128x2,12x768x12x256']).shapes).toEqual([
      { layers: 2, hidden: 128, heads: 2, length: 64 },
      { layers: 12, hidden: 768, heads: 12, length: 256 },
    ]);
  });

  it('knows the shapes and the protocol that are to be compared', () => {
    const { shapes, trainLimit, epochs, rate, paddings, tasks } = settingsOf(onTasks);
    expect(shapes.map(({ layers, hidden, length }) => [layers, hidden, length])).toEqual([
      [12, 768, 64],
      [6, 384, 64],
      [4, 256, 64],
      [2, 128, 64],
      [12, 768, 256],
    ]);
    expect({ trainLimit, epochs, rate, paddings }).toEqual({
      trainLimit: 4000,
      epochs: 1,
      rate: 1e-4,
      paddings: ['batch', 'length', 'max'],
    });
    expect(tasks).toMatchObject({ original: 'SST-2', shifted: 'MRPC' });
  });

  it.each([
    [
      ['stepp'],
      'There is no part stepp; choose of step, dropout, memory, finetune, parallel, large, profile, products.',
    ],
    [['--run', '3'], "Unknown option '--run'; tools/bench/README.md lists the options."],
    [['--runs', '0'], '--runs must be a whole number above 0, not "0".'],
    [['--runs', '2.5'], '--runs must be a whole number above 0, not "2.5".'],
    [['--rate', 'fast'], '--rate must be a learning rate between 0 and 1, not "fast".'],
    [['--paddings', 'batch,none'], 'There is no padding none; choose of batch, length, max.'],
    [['--encoder', 'minilm'], '--encoder and --data belong together; give both or neither.'],
    [['--python', 'python3'], '--python is for PyTorch; give --peer DIR as well, the folder of its scripts.'],
    [
      ['finetune'],
      'The part finetune fine-tunes on real tasks; give --encoder DIR and --data DIR, a folder with the folders SST-2 and MRPC.',
    ],
    [
      ['--shapes', '2x128x3'],
      '--shapes must be LAYERSxHIDDENxHEADS, with xLENGTH where texts are not of 64 tokens, and HEADS a divisor of HIDDEN, not "2x128x3".',
    ],
  ])('refuses %j', (words, sentence) => {
    expect(() => settingsOf(words)).toThrow(new InputError(sentence));
  });
});

it('shows a command without the places of the machine', () => {
  const words = ['step', '--peer', '/a/peers', '--runs=3', '--markdown', '--profile', ...onTasks];
  expect(commandOf(words)).toBe(
    'npm run bench -- step --peer $PEERS --runs 3 --profile --encoder $MINILM --data $GLUE',
  );
});
