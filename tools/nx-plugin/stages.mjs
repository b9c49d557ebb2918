/**
 * The Nx plugin of this workspace: gives every project that declares a stage a target `stage`, and a target
 * `plots` where the stage has pictures, which draws them again from the artifacts that exist.
 *
 * A stage is declared once, in `libs/FLOOR/NAME/src/stage.ts`:
 *
 *     export const stage = defineStage({ name: 'finetune', after: ['datasets'], ... });
 *
 * The plugin reads `name` and `after` out of that source text (`declaration.mjs`), without compiling or
 * running it. `after` becomes `dependsOn`, an edge between two tasks: the projects themselves stay
 * independent, so the project graph has no cycle. Every preset file becomes a configuration, so that
 * `nx run-many -t stage -c paper` runs the pipeline with it. Nx orders and never caches: a stage's own
 * manifest knows what is up to date.
 */
import { readFileSync, readdirSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { readDeclaration } from './declaration.mjs';

export const name = 'layerwise-stages';

const declarations = 'libs/*/*/src/stage.ts';
const presets = 'apps/orchestrator/presets';
const command = 'node apps/orchestrator/bin/layerwise.js';

/** @type {import('@nx/devkit').CreateNodesV2} */
export const createNodesV2 = [
  declarations,
  (files, _options, { workspaceRoot }) => {
    const configurations = presetConfigurations(workspaceRoot);
    const stages = files.map((file) => ({
      file,
      project: dirname(dirname(file)),
      ...readDeclaration(readFileSync(join(workspaceRoot, file), 'utf8'), file),
    }));
    return stages.map((stage) => [
      stage.file,
      {
        projects: {
          [stage.project]: {
            targets: {
              stage: target(stage, stages, workspaceRoot, configurations),
              ...(stage.plots && { plots: plotsTarget(stage, configurations) }),
            },
          },
        },
      },
    ]);
  },
];

/**
 * @param {{name: string, after: string[], file: string}} stage
 * @param {{name: string, project: string}[]} stages
 * @param {string} root
 * @param {Record<string, {args: string}>} configurations
 */
function target(stage, stages, root, configurations) {
  const upstream = stage.after.map((other) => {
    const found = stages.find((candidate) => candidate.name === other);
    if (found !== undefined) return projectName(root, found.project);
    const known = stages.map((candidate) => candidate.name).join(', ');
    throw new Error(`${stage.file} names the stage "${other}" in \`after\`, but the stages are: ${known}.`);
  });
  return {
    command: `${command} stage ${stage.name}`,
    options: { cwd: '{workspaceRoot}' },
    cache: false,
    dependsOn: upstream.map((project) => ({ projects: [project], target: 'stage' })),
    configurations,
    metadata: { description: `Runs the stage ${stage.name}, and first the stages it follows.` },
  };
}

/**
 * Depends on nothing: it computes nothing, and so runs nothing first.
 * @param {{name: string}} stage
 * @param {Record<string, {args: string}>} configurations
 */
function plotsTarget(stage, configurations) {
  return {
    command: `${command} plots ${stage.name}`,
    options: { cwd: '{workspaceRoot}' },
    cache: false,
    dependsOn: [],
    configurations,
    metadata: { description: `Draws the pictures of the stage ${stage.name} again.` },
  };
}

/** @param {string} root @param {string} project */
function projectName(root, project) {
  const { nx, name } = JSON.parse(readFileSync(join(root, project, 'package.json'), 'utf8'));
  return nx?.name ?? name;
}

/** @param {string} root */
function presetConfigurations(root) {
  const files = readdirSync(join(root, presets)).filter((file) => file.endsWith('.yaml'));
  return Object.fromEntries(
    files.sort().map((file) => {
      const preset = basename(file, '.yaml');
      return [preset, { args: `--preset=${preset}` }];
    }),
  );
}
