/** What each trial of a search told at each of its rungs: what the search hands to the combination. */
import { defineTable } from '../arrow/schema.js';

export const trialsTable = defineTable({
  name: 'trials',
  version: 1,
  description:
    'One row a trial and rung, in the order of trials and then of fidelities; a trial that told nothing has one row',
  columns: [
    { name: 'trial', type: 'int32', description: 'its number in the study' },
    {
      name: 'repeat_of',
      type: 'int32',
      nullable: true,
      description: 'the trial whose values this one tries again with a fresh seed',
    },
    {
      name: 'state',
      type: 'utf8',
      description: 'of the trial: waiting, running, paused, complete, failed, diverged or stale',
    },
    {
      name: 'origin',
      type: 'utf8',
      description: 'where the values come from: given, sobol, random, tpe, gp or repeat',
    },
    { name: 'bracket', type: 'int32', description: "place in the plan's brackets" },
    {
      name: 'values',
      type: 'utf8',
      description: "the trial's values as a JSON list, in the order of the space",
    },
    {
      name: 'rates',
      type: 'list<float64>',
      description: 'learning rate of each layer group; empty where the space is not of rates',
    },
    {
      name: 'fidelity',
      type: 'float64',
      nullable: true,
      description: 'of this rung as a share of the full fidelity: 1 is a whole run',
    },
    { name: 'accuracy_original_before', type: 'float64', nullable: true, description: 'p_o before phase 2' },
    { name: 'accuracy_original', type: 'float64', nullable: true, description: 'p_o at the end' },
    { name: 'accuracy_shifted', type: 'float64', nullable: true, description: 'p_s at the end' },
    {
      name: 'reward',
      type: 'float64',
      nullable: true,
      description: 'what is maximised: p = p_o + p_s for fine-tuning',
    },
    { name: 'steps', type: 'int32', description: 'training steps that this rung cost' },
    { name: 'seconds', type: 'float64', description: 'time that this rung took' },
    { name: 'seed', type: 'int64', description: "of the trial's runs" },
  ],
  // space: {"names":[…],"parameters":[…]} as the study has it; groups: the grouping, and pair: its name, both
  // empty of a command.
  metadataKeys: ['space', 'groups', 'pair'],
});
