import { describe, expect, it } from 'vitest';
import { chosenClusters, type ClusterChoice } from './chosen-clusters.js';

it('takes a number, a list, or words as a command line gives them', () => {
  expect(chosenClusters(0, 1, 2)).toEqual({ original: [0], shifted: [1] });
  expect(chosenClusters('4,0', [1, 3], 5)).toEqual({ original: [0, 4], shifted: [1, 3] });
  expect(chosenClusters('1', '0, 2', 3)).toEqual({ original: [1], shifted: [0, 2] });
});

describe('refuses', () => {
  it.each<[ClusterChoice, ClusterChoice, string]>([
    [2, 1, '--original names "2", but wants different clusters from 0 to 1'],
    [0, 'all', '--shifted names "all", but wants different clusters from 0 to 1'],
    ['0,0', 1, '--original names "0", but wants different clusters from 0 to 1'],
    [0, '', '--shifted names "", but wants different clusters from 0 to 1'],
    [1, 1, '--original and --shifted both name cluster 1; a cluster belongs to one part'],
  ])('%s and %s of two clusters', (original, shifted, message) => {
    expect(() => chosenClusters(original, shifted, 2)).toThrow(message);
  });
});
