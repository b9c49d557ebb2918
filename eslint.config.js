/**
 * Lint rules of the whole workspace: typed TypeScript rules, and the plan of who may import what.
 *
 * The plan is the table `floors` below; each project carries the tag `lib:NAME` or `app:NAME` in its
 * package.json (`nx.tags`). `tools/lint` plants a violation of each rule and expects the error.
 */
import eslint from '@eslint/js';
import nx from '@nx/eslint-plugin';
import { createNodeResolver, importX } from 'eslint-plugin-import-x';
import tseslint from 'typescript-eslint';

/**
 * The floors of the house, lowest first: folders of `libs`. A lib imports from its own floor and those below,
 * never from one above. For each lib of a floor, what it may import of ours. Everybody may import `errors`.
 */
export const floors = {
  core: {
    errors: [],
    artifacts: ['locks'],
    statistics: [],
    charts: [],
    locks: [],
    workers: ['locks'],
  },
  compute: {
    engine: [],
    model: ['artifacts', 'engine', 'statistics'],
    optimizers: ['artifacts', 'engine'],
  },
  data: {
    hub: ['artifacts', 'locks'],
    datasets: ['artifacts'],
    embeddings: ['artifacts', 'engine', 'model'],
    pairs: ['artifacts', 'charts', 'statistics'],
  },
  shifts: {
    'dataset-shift': ['artifacts', 'charts', 'pairs'],
    'length-shift': ['artifacts', 'charts', 'model', 'pairs'],
    'cluster-shift': ['artifacts', 'charts', 'engine', 'pairs'],
    'shift-summary': ['artifacts', 'charts', 'pairs', 'statistics'],
    projection: ['artifacts', 'charts'],
  },
  training: {
    finetune: ['artifacts', 'engine', 'model', 'optimizers', 'statistics'],
    pretraining: [
      'artifacts',
      'charts',
      'embeddings',
      'engine',
      'model',
      'optimizers',
      'finetune',
      'statistics',
    ],
    sequence: ['artifacts', 'model', 'finetune'],
  },
  tuning: {
    'gaussian-process': [],
    search: ['artifacts', 'gaussian-process', 'locks', 'statistics', 'workers'],
    'rate-search': [
      'artifacts',
      'datasets',
      'engine',
      'model',
      'optimizers',
      'finetune',
      'pairs',
      'search',
      'statistics',
      'workers',
    ],
  },
  outcome: {
    combination: ['artifacts', 'charts', 'model', 'optimizers', 'statistics'],
    importance: [
      'artifacts',
      'charts',
      'combination',
      'gaussian-process',
      'optimizers',
      'search',
      'statistics',
    ],
    evaluation: [
      'artifacts',
      'combination',
      'engine',
      'model',
      'optimizers',
      'finetune',
      'pairs',
      'statistics',
      'workers',
    ],
    'shift-study': ['artifacts', 'engine', 'model', 'optimizers', 'finetune', 'pairs', 'statistics'],
    report: ['artifacts', 'charts', 'combination', 'evaluation', 'optimizers', 'statistics'],
  },
  checks: {
    benchmarks: ['engine', 'model', 'optimizers', 'finetune', 'search', 'statistics'],
    verification: ['engine', 'model', 'optimizers', 'finetune'],
  },
};

const libs = Object.assign({}, ...Object.values(floors));

/** Third-party packages that shape the code, and the only libs that may import them. */
const doors = [
  { packages: ['apache-arrow'], libs: ['artifacts'] },
  { packages: ['onnxruntime-node', 'onnxruntime-common'], libs: ['engine'] },
  // verification: a family of encoders that only a test knows.
  { packages: ['@tensorflow/*'], libs: ['engine', 'model', 'verification'] },
  { packages: ['tokenizers'], libs: ['model'] },
  { packages: ['vega', 'vega-lite', '@resvg/resvg-js'], libs: ['charts'] },
  { packages: ['ml-kmeans'], libs: ['cluster-shift'] },
  { packages: ['@saehrimnir/druidjs', 'tsne-js', 'umap-js'], libs: ['projection'] },
  { packages: ['sobol'], libs: ['search', 'gaussian-process'] },
];

const boundaries = [
  ...Object.entries(libs).map(([lib, others]) => ({
    sourceTag: `lib:${lib}`,
    onlyDependOnLibsWithTags: ['errors', lib, ...others].map((name) => `lib:${name}`),
    bannedExternalImports: doors.filter((door) => !door.libs.includes(lib)).flatMap((door) => door.packages),
  })),
  {
    sourceTag: 'app:*',
    onlyDependOnLibsWithTags: ['lib:*'],
    bannedExternalImports: doors.flatMap((door) => door.packages),
  },
  { sourceTag: 'tool:lint', onlyDependOnLibsWithTags: [] },
  { sourceTag: 'tool:nx-plugin', onlyDependOnLibsWithTags: [] },
  // What is measured is called as a person would call it, or as another lib does.
  { sourceTag: 'tool:bench', onlyDependOnLibsWithTags: ['lib:*'] },
];

/** What plain JavaScript files may use without an import; TypeScript knows by itself. */
const nodeGlobals = ['process', 'console', 'setTimeout', 'performance', 'URL', 'Buffer', 'TextDecoder'];

const typescript = ['**/*.ts'];
const tests = ['**/*.spec.ts', '**/test/**/*.ts'];

export default tseslint.config(
  { ignores: ['**/dist', '**/*_pb.ts', '**/node_modules', '**/*.config.*.timestamp*'] },
  { linterOptions: { reportUnusedDisableDirectives: 'error' } },
  eslint.configs.recommended,
  {
    files: ['**/*.js', '**/*.mjs', '**/*.cjs'],
    languageOptions: { globals: Object.fromEntries(nodeGlobals.map((name) => [name, 'readonly'])) },
  },
  {
    files: typescript,
    extends: [tseslint.configs.strictTypeChecked, tseslint.configs.stylisticTypeChecked],
    languageOptions: {
      parserOptions: {
        // The one TypeScript file outside of all projects; each of them reads it.
        projectService: { allowDefaultProject: ['vitest.shared.ts'] },
        tsconfigRootDir: import.meta.dirname,
      },
    },
    rules: {
      '@typescript-eslint/no-explicit-any': 'error',
      '@typescript-eslint/no-floating-promises': 'error',
      '@typescript-eslint/consistent-type-imports': ['error', { fixStyle: 'inline-type-imports' }],
      '@typescript-eslint/switch-exhaustiveness-check': [
        'error',
        { considerDefaultExhaustiveForUnions: true },
      ],
      // Numbers in messages are what this code prints most.
      '@typescript-eslint/restrict-template-expressions': [
        'error',
        { allowNumber: true, allowBoolean: true },
      ],
      // An arrow that only calls something is the plain way to write a callback.
      '@typescript-eslint/no-confusing-void-expression': ['error', { ignoreArrowShorthand: true }],
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
      // `record['name']` says that the name is data.
      '@typescript-eslint/dot-notation': ['error', { allowIndexSignaturePropertyAccess: true }],
      eqeqeq: 'error',
      'prefer-const': 'error',
    },
  },
  {
    files: typescript,
    plugins: { 'import-x': importX },
    settings: {
      'import-x/resolver-next': [
        createNodeResolver({
          extensions: ['.ts', '.js'],
          extensionAlias: { '.js': ['.ts', '.js'] },
          conditionNames: ['@layerwise/source', 'import', 'node', 'default'],
        }),
      ],
      'import-x/parsers': { '@typescript-eslint/parser': ['.ts'] },
    },
    rules: { 'import-x/no-cycle': ['error', { ignoreExternal: true }] },
  },
  {
    files: ['**/*.ts', '**/*.js', '**/*.mjs'],
    plugins: { '@nx': nx },
    rules: {
      '@nx/enforce-module-boundaries': [
        'error',
        {
          depConstraints: boundaries,
          enforceBuildableLibDependency: false,
          // A command imports its lib when it runs: `layerwise --help` must not load an engine.
          checkDynamicDependenciesExceptions: ['.*'],
          allow: ['^.*/(vitest\\.shared|eslint\\.config)(\\.js)?$'],
        },
      ],
    },
  },
  {
    files: tests,
    rules: {
      // Tests look into values that the types call possibly missing; vitest then says which.
      '@typescript-eslint/no-non-null-assertion': 'off',
    },
  },
  {
    files: ['libs/**/*.ts'],
    rules: {
      // Numeric code: every index lies within its array by the loop's bounds, and a default would hide one
      // that does not.
      '@typescript-eslint/no-non-null-assertion': 'off',
    },
  },
);
