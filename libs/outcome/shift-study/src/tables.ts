/** The Arrow files of a study, as schemas: its figures, and the answers that they were counted from. */
import { defineTable } from '@layerwise/artifacts';

export { studyTable } from '@layerwise/artifacts';

/** One row an answer: measure × part × seed × dev row. */
export const answersTable = defineTable({
  name: 'shift-study-answers',
  version: 1,
  description: 'What each model of each seed said of each dev row: what the figures are counted from',
  columns: [
    { name: 'task', type: 'utf8', description: 'as in study.arrow' },
    { name: 'measure', type: 'utf8', description: 'as in study.arrow' },
    { name: 'part', type: 'utf8', description: 'as in study.arrow' },
    { name: 'seed', type: 'int32', description: 'of the run' },
    { name: 'index', type: 'int32', description: "the dev row's number in its source" },
    { name: 'label', type: 'int32', description: 'the right label, a position in the labels of the task' },
    { name: 'predicted', type: 'int32', description: 'the label with the highest logit' },
  ],
});
