import { describe, expect, it } from 'vitest';
import { configOf, packed, textsOf } from '../../test/packed-bert.js';
import { dropoutSites } from '../forward/dropout-sites.js';
import { denseHead } from '../forward/heads.js';
import {
  graphParameters,
  hiddenStatesProgram,
  meanTargets,
  packingBindings,
  packingInputs,
  predictionProgram,
  trainingProgram,
} from './programs.js';

const config = { ...configOf(2), hiddenDropout: 0.1, attentionDropout: 0.2 };
const options = { config, head: denseHead('head', config.hiddenSize, 3), labels: 3 };

describe('programs', () => {
  it('have the encoder but its tables as parameters, and the head', () => {
    const names = graphParameters(config).map(({ name }) => name);
    expect(names).toHaveLength(2 + 2 * 16);
    expect(names.filter((name) => name.endsWith('_embeddings.weight'))).toEqual([]);
    expect(predictionProgram(options).parameters.map(({ name }) => name)).toEqual([
      ...names,
      'head.weight',
      'head.bias',
    ]);
  });

  it('differentiate by every parameter and the rows, in training alone', () => {
    const program = trainingProgram(options, []);
    expect(program.gradientsOf).toEqual(['rows', ...program.parameters.map(({ name }) => name)]);
    expect(predictionProgram(options).gradientsOf).toEqual([]);
    expect(hiddenStatesProgram(config).gradientsOf).toEqual([]);
  });

  it('take a mask for each dropout site', () => {
    const sites = dropoutSites(config, 0.1, true);
    const { inputs } = trainingProgram(options, sites);
    const masks = inputs.filter(({ name }) => name.startsWith('dropout.'));
    expect(masks).toEqual(sites.map(({ name, shape }) => ({ name, shape, type: 'float32' })));
  });

  it('are fed a batch in the shapes that they declare', () => {
    const batch = packed(textsOf([4, 1, 3]));
    const sizes: Readonly<Record<string, number>> = { texts: 3, length: 4, tokens: 8 };
    const bindings = packingBindings(config, batch);
    for (const { name, shape, type } of packingInputs(config).filter((input) => input.name !== 'rows')) {
      const bound = bindings[name]!;
      expect(bound.shape, name).toEqual(shape.map((size) => (typeof size === 'number' ? size : sizes[size])));
      expect(bound.data.length, name).toBe(bound.shape.reduce((product, size) => product * size, 1));
      expect(bound.data instanceof Int32Array, name).toBe(type === 'int32');
    }
    expect([...bindings['firstRowOf']!.data]).toEqual([0, 1, 2]);
    expect([...bindings['textOfRow']!.data]).toEqual([0, 1, 2, 0, 0, 0, 0, 0]);
    expect([...bindings['isFirstRow']!.data]).toEqual([1, 1, 1, 0, 0, 0, 0, 0]);
  });

  it('weigh each text alike', () => {
    expect([...meanTargets([2, 0], 3)]).toEqual([0, 0, 0.5, 0.5, 0, 0]);
  });
});
