/**
 * What a whole measurement prints, as text, Markdown and JSON. Ratio is PyTorch's figure divided by ours
 * everywhere.
 */
import { busyWarning, machineSentence, useSentence } from './machine.mjs';
import { asMarkdown, asText, withoutEmptyColumns } from './table.mjs';

/**
 * @typedef {object} Report
 * @property {import('./machine.mjs').Machine} machine
 * @property {string} command
 * @property {import('./options.mjs').Settings} settings
 * @property {Readonly<Record<string, import('./in-turn.mjs').Found>>} parts by name, in the order of their
 * measurement
 */

/** @param {Report} report */
function usesOf({ parts }) {
  return Object.values(parts).flatMap(({ samples }) => samples.map(({ before }) => before));
}

/** @param {Report} report */
function tablesOf({ parts }) {
  return Object.values(parts).flatMap(({ tables }) => tables.map(withoutEmptyColumns));
}

/**
 * @param {Report} report
 * @returns {string[]} sentences on the machine and on what ratios mean
 */
function headOf(report) {
  const { machine, settings } = report;
  const runs =
    settings.runs === 1 ? 'one run of each side' : `medians of ${settings.runs} runs of each side in turn`;
  const ratio =
    settings.peer === null
      ? []
      : ["Ratio: PyTorch's time or memory divided by layerwise's, higher is better."];
  const warning = busyWarning(usesOf(report));
  return [
    `${machineSentence(machine)}; threads: ${settings.threads}; ${runs}; ${useSentence(usesOf(report))}.`,
    ...ratio,
    ...(warning === null ? [] : [warning]),
  ];
}

/** @param {Report} report @returns {string} */
export function reportText(report) {
  return [headOf(report).join('\n'), ...tablesOf(report).map(asText)].join('\n\n');
}

/**
 * Sections for docs/performance.md.
 * @param {Report} report
 * @returns {string}
 */
export function reportMarkdown(report) {
  const command = ['```sh', report.command, '```'].join('\n');
  return [...headOf(report), command, ...tablesOf(report).map(asMarkdown)].join('\n\n');
}

/** Figures and every single run; places of this machine are left out. @param {Report} report */
export function reportJson(report) {
  const { machine, command, settings, parts } = report;
  const { runs, steps, threads, trainLimit, epochs, rate } = settings;
  return {
    ...{ machine, command, warning: busyWarning(usesOf(report)) },
    settings: { runs, steps, threads, trainLimit, epochs, rate },
    parts,
  };
}
