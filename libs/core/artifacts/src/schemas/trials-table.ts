/** What each trial of a search told at each of its rungs: what the search hands to the combination. */
import { column, defineTable, nullableColumn } from '../arrow/schema.js';

export const trialsTable = defineTable({
  name: 'trials',
  version: 1,
  description:
    'One row a trial and rung, in the order of trials and then of fidelities; a trial that told nothing has one row',
  columns: [
    column('trial', 'int32', 'its number in the study'),
    nullableColumn('repeat_of', 'int32', 'the trial whose values this one tries again with a fresh seed'),
    column('state', 'utf8', 'of the trial: waiting, running, paused, complete, failed, diverged or stale'),
    column('origin', 'utf8', 'where the values come from: given, sobol, random, tpe, gp or repeat'),
    column('bracket', 'int32', "place in the plan's brackets"),
    column('values', 'utf8', "the trial's values as a JSON list, in the order of the space"),
    column(
      'rates',
      'list<float64>',
      'learning rate of each layer group; empty where the space is not of rates',
    ),
    nullableColumn('fidelity', 'float64', 'of this rung as a share of the full fidelity: 1 is a whole run'),
    nullableColumn('accuracy_original_before', 'float64', 'p_o before phase 2'),
    nullableColumn('accuracy_original', 'float64', 'p_o at the end'),
    nullableColumn('accuracy_shifted', 'float64', 'p_s at the end'),
    nullableColumn('reward', 'float64', 'what is maximised: p = p_o + p_s for fine-tuning'),
    column('steps', 'int32', 'training steps that this rung cost'),
    column('seconds', 'float64', 'time that this rung took'),
    column('seed', 'int64', "of the trial's runs"),
  ],
  // space: {"names":[…],"parameters":[…]} as the study has it; groups: the grouping, and pair: its name, both
  // empty of a command.
  metadataKeys: ['space', 'groups', 'pair'],
});
