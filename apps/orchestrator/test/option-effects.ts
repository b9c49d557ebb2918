/**
 * How the effect of every option of every command is seen (`option-effects.spec.ts`). A new option has an
 * entry here: the words that set it, beside those that it needs, which have to change what the command hands
 * to the work, what it prints or how it refuses; or the spec that holds it.
 */

/** The words that set an option, and what else both command lines have. */
export interface Shown {
  readonly words: readonly string[];
  readonly beside?: readonly string[];
}

/** The file of `test/` in which the option acts. */
export interface Held {
  readonly heldBy: string;
}

export type Effect = Shown | Held;

/** Files that the spec makes stand as `@NAME`. */
export interface Swept {
  readonly base: readonly string[];
  readonly effects: Readonly<Record<string, Effect>>;
}

/** `value`: of the option itself, `beside` it. */
const set =
  (value: string | null, ...beside: readonly string[]) =>
  (flag: string): Effect => ({ words: value === null ? [flag] : [flag, value], beside });
const held = (heldBy: string) => (): Effect => ({ heldBy });

type Table = Readonly<Record<string, (flag: string) => Effect>>;

function swept(base: string, ...tables: readonly Table[]): Swept {
  const all = Object.assign({}, ...tables) as Table;
  return {
    base: base.split(' '),
    effects: Object.fromEntries(Object.entries(all).map(([flag, effect]) => [flag, effect(flag)])),
  };
}

const ENGINE: Table = {
  '--engine': set('tfjs-wasm'),
  '--provider': set('cuda'),
  '--threads': set('3'),
};

const TRAINING: Table = {
  '--groups': set('layers'),
  '--optimizer': set('sgd'),
  '--weight-decay': set('0.2', '--optimizer', 'adamw'),
  '--schedule': set('linear'),
  '--warmup': set('0.3'),
  '--minimum-rate': set('0.1'),
  '--epochs': set('2'),
  '--epochs-original': set('2'),
  '--epochs-shifted': set('2'),
  '--batch': set('8'),
  '--accumulate': set('2'),
  '--group-by-length': set('yes'),
  '--max-length': set('8'),
  '--clip-norm': set('2'),
  '--dropout': set('0.3'),
  '--recompute': set('yes'),
  ...ENGINE,
};

/** @param chosen the option that names the method */
const methods = (chosen: string): Table => {
  const of = (method: string, value: string) => set(value, chosen, method);
  // Its Fisher information is of an encoder that can tell masked words.
  const ofEwc = (value: string) =>
    set(value, chosen, 'ewc', '--encoder', 'builtin:english', '--train-limit', '4', '--max-length', '8');
  return {
    '--decay-factor': of('decay', '0.5'),
    '--freeze-layers': of('freeze', '1'),
    '--l2-encoder': of('l2-sp', '0.5'),
    '--l2-head': of('l2-sp', '0.5'),
    '--ewc-lambda': ofEwc('3'),
    '--ewc-texts': ofEwc('2'),
    '--ewc-batch': ofEwc('3'),
    '--ewc-corpus': ofEwc('@corpus'),
    '--replay-share': of('replay', '0.5'),
    '--unfreeze-groups': of('ulmfit', '2'),
    '--smart-smoothness': of('smart', '2'),
    '--smart-proximity': of('smart', '2'),
    '--smart-radius': of('smart', '0.001'),
    '--smart-step-size': of('smart', '0.01'),
  };
};

/** Of files, whose columns have other names than usual. */
const fileOptions = (prefix: string): Table => ({
  [`--${prefix}text-column`]: set('second'),
  [`--${prefix}pair-column`]: set('second'),
  [`--${prefix}label-column`]: set('other'),
  [`--${prefix}format`]: set('jsonl'),
  [`--${prefix}dev-file`]: set('@more/dev.csv'),
  [`--${prefix}dev-split`]: set('test'),
  [`--${prefix}labels-as-written`]: set(
    'yes',
    prefix === 'shifted-' ? '--shifted' : '--original',
    '@missing',
  ),
});

const TASK_FILES: Table = {
  '--train-limit': set('8'),
  '--longest-text': set('5'),
  '--expansion': set('7'),
  '--skip-bad-rows': set('yes', '--original', '@bad'),
  ...fileOptions(''),
  ...fileOptions('original-'),
  ...fileOptions('shifted-'),
};

const PAIR: Table = {
  '--original': set('@more'),
  '--shifted': set('@more'),
  '--pair': set('@nowhere'),
};

/** In the program's order; what names a command in another is behind it. */
export const SWEPT: Readonly<Record<string, Swept>> = {
  finetune: swept(
    '--original @one --shifted @two --encoder builtin:tiny --out @out',
    TRAINING,
    methods('--method'),
    TASK_FILES,
    PAIR,
    {
      '--encoder': set('@nowhere'),
      '--sequence': set('builtin:topic?rows=40,builtin:agreement?rows=40'),
      '--out': set('@other'),
      '--rates': set('3e-4'),
      '--rates-from': set('@nowhere'),
      '--method': set('joint'),
      '--checkpoint-every': set('7'),
      '--fresh': held('finetune.spec.ts'),
      '--expansion': held('task-options.spec.ts'),
      '--dump-graph': held('finetune.spec.ts'),
      '--classifiers': set(null),
      '--seed': set('7'),
      '--json': held('finetune.spec.ts'),
    },
  ),
  search: swept(
    '--original @one --shifted @two --encoder builtin:tiny --out @out --held-out 8 --trials 3 --with-control no',
    TRAINING,
    TASK_FILES,
    PAIR,
    {
      '--train-limit': set('30'),
      '--encoder': set('@nowhere'),
      '--command': set('true', '--space', '@space.json'),
      '--out': set('@other'),
      '--given': set('@given.json'),
      '--checkpoint-every': set('7'),
      '--space': set('flat'),
      '--trials': set('4'),
      '--budget': set('90000'),
      '--sampler': set('tpe'),
      '--scheduler': set('none'),
      '--full': set('3'),
      '--eta': set('2'),
      '--repeats-best': set('1'),
      '--repeats-seeds': set('1'),
      '--max-failures': set('4'),
      '--with-control': held('search-control.spec.ts'),
      '--protocol': set('paper'),
      '--held-out': set('9'),
      '--rung': set('short'),
      '--workers': set('2'),
      '--checkpoint-budget': set('7GB'),
      '--seed': set('7'),
      '--json': set(null),
    },
  ),
  evaluate: swept(
    '--pairs builtin:topic?rows=40:builtin:agreement?rows=40 --encoder builtin:tiny --out @out --methods flat --seeds 1',
    TRAINING,
    methods('--methods'),
    {
      '--pairs': set('builtin:topic?rows=40:builtin:paraphrase?rows=40'),
      '--encoder': set('@nowhere'),
      '--out': set('@other'),
      '--searches': set('@nowhere'),
      '--glue': set('@glue', '--pairs', 'glued:builtin:topic?rows=40'),
      '--checkpoint-every': set('7'),
      '--methods': set('joint'),
      '--seeds': set('2'),
      '--rate': set('3e-4'),
      '--tuned-rivals': set('yes', '--methods', 'joint'),
      '--train-limit': set('8'),
      '--workers': set('2', '--seeds', '1,2'),
      '--resamples': set('200'),
      '--json': set(null),
    },
  ),
  'shift-study': swept(
    '--tasks builtin:topic?rows=60 --kind length --encoder builtin:tiny --out @out --seeds 1',
    ENGINE,
    {
      '--tasks': set('builtin:agreement?rows=60'),
      '--kind': set('dataset'),
      '--encoder': set('@nowhere'),
      '--glue': set('@glue', '--tasks', 'glued'),
      '--out': set('@other'),
      '--rates': set('3e-4'),
      '--groups': set('layers'),
      '--schedule': set('linear'),
      '--warmup': set('0.3'),
      '--epochs': set('2'),
      '--batch': set('8'),
      '--max-length': set('8'),
      '--train-limit': set('30'),
      '--data-seed': set('7', '--train-limit', '30'),
      '--seeds': set('2'),
      '--minimum-rows': set('5000'),
      '--pooling': set('mean', '--kind', 'cluster'),
      '--k': set('3', '--kind', 'cluster'),
      '--resamples': held('shift-study.spec.ts'),
      '--checkpoint-every': set('7'),
      '--json': held('shift-study.spec.ts'),
    },
  ),
  pretrain: swept('--corpus @corpus --steps 20', ENGINE, {
    '--corpus': set('@other-corpus'),
    '--from': set('@nowhere'),
    '--no-neighbours': set(null),
    '--summarise': set(null),
    '--teacher': set('@nowhere'),
    '--out': set('@out'),
    '--half': set(null),
    '--fresh': held('pretrain.spec.ts'),
    '--layers': set('3'),
    '--hidden': set('64'),
    '--heads': set('2'),
    '--intermediate': set('64'),
    '--vocabulary': set('300'),
    '--positions': set('128'),
    '--initializer-range': set('0.1'),
    '--length': set('32'),
    '--pair-share': set('0.2'),
    '--batch': set('8'),
    '--steps': set('30'),
    '--rate': set('1e-3'),
    '--warmup': set('0.3'),
    '--schedule': set('constant'),
    '--mask-share': set('0.2'),
    '--masking': set('mask'),
    '--teacher-pooling': set('mean', '--teacher', '@encoder'),
    '--teacher-weight': set('2', '--teacher', '@encoder'),
    '--similarity-weight': set('2', '--teacher', '@encoder'),
    '--beta2': set('0.9'),
    '--weight-decay': set('0.2'),
    '--clip-norm': set('2'),
    '--held-out': set('0.2'),
    '--evaluate-every': set('10'),
    '--checkpoint-every': set('7'),
    '--seed': set('7'),
    '--json': held('pretrain.spec.ts'),
  }),
  combine: swept('@trials.arrow --resamples 20', {
    '--weights': set('best'),
    '--b': set('3'),
    '--top': set('1', '--weights', 'top'),
    '--temperature': set('5', '--weights', 'softmax'),
    '--leave-one-out': set(null, '@other-trials.arrow'),
    '--resamples': set('30'),
    '--seed': set('2'),
    '--layers': set('2', '--out', '@combined'),
    '--prefix': held('combine.spec.ts'),
    '--out': set('@combined'),
    '--json': set(null),
  }),
  importance: swept('@trials.arrow --draws 20', {
    '--control': held('importance.spec.ts'),
    '--draws': held('importance.spec.ts'),
    '--seed': set('2'),
    '--out': held('importance.spec.ts'),
    '--json': set(null),
  }),
  verify: swept('@fixtures', ENGINE, { '--json': set(null) }),
  'bench step': swept('--layers 1 --hidden 16 --heads 4', ENGINE, {
    '--layers': set('3'),
    '--hidden': set('64'),
    '--heads': set('2'),
    '--profile': set('@out'),
    '--batch': set('8'),
    '--length': set('32'),
    '--steps': set('3'),
    '--dropout': set('0.3'),
    '--recompute': set('yes'),
    '--seed': set('7'),
    '--json': set(null),
  }),
  'bench search': swept('--function branin --sampler random --trials 5 --seeds 2', {
    '--function': set('hartmann6'),
    '--sampler': set('tpe', '--trials', '30'),
    '--scheduler': held('bench-search.spec.ts'),
    '--eta': set('4', '--function', 'layered10-curve', '--scheduler', 'hyperband', '--trials', '30'),
    '--trials': set('6'),
    '--epochs': held('bench-search.spec.ts'),
    '--seeds': set('3'),
    '--seed': set('2'),
    '--json': set(null),
  }),
  groups: swept('--encoder builtin:tiny', {
    '--encoder': set('@nowhere'),
    '--groups': set('layers'),
    '--rates': set('1e-4'),
    '--labels': set('3'),
    '--json': set(null),
  }),
  show: swept('@trials.arrow', { '--limit': set('1'), '--json': set(null) }),
  'fetch task': swept('glue/mrpc', {
    '--cache': set('@out'),
    '--revision': set('v2'),
    '--json': set(null),
  }),
  'fetch model': swept('owner/name', {
    '--cache': set('@out'),
    '--revision': set('v2'),
    '--json': set(null),
  }),
  plan: swept('--preset tiny --only @nowhere', {
    '--preset': set('@nowhere'),
    '--only': set('@other'),
    '--data-cache': held('run-preset.spec.ts'),
    '--json': held('run-preset.spec.ts'),
  }),
  run: swept('--preset tiny --only @nowhere', {
    '--preset': set('@nowhere'),
    '--only': set('@other'),
    '--data-cache': held('run-preset.spec.ts'),
    '--json': held('run-preset.spec.ts'),
  }),
  'search-status': swept('@search', { '--best': set('1'), '--json': held('search.spec.ts') }),
  study: swept('--space @space.json --trials 3', {
    ...Object.fromEntries(
      [
        ...['--space', '--journal', '--given', '--trials', '--scheduler', '--full', '--minimum', '--budget'],
        ...['--repeats-best', '--repeats-seeds', '--sampler', '--eta', '--seed', '--max-failures'],
      ].map((flag) => [flag, held('study.spec.ts')]),
    ),
  }),
  tokens: swept('', { '--encoder': held('tokens.spec.ts'), '--json': held('tokens.spec.ts') }),
  stage: swept('', { '--list': held('new-stage.spec.ts'), '--json': held('new-stage.spec.ts') }),
  plots: swept('', {
    '--from': set('@nowhere'),
    '--preset': set('@nowhere'),
    '--data-cache': set('@out', 'projection'),
    '--json': set(null, 'projection', '--data-cache', '@out'),
  }),
  report: swept('', {
    '--from': held('report.spec.ts'),
    '--out': held('report.spec.ts'),
    '--json': held('report.spec.ts'),
  }),
  doctor: swept('', { '--json': held('doctor.spec.ts') }),
  licences: swept('', { '--json': held('licences.spec.ts') }),
};
