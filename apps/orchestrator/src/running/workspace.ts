/** Where this workspace lies, however the command was started. */
import { dirname, join } from 'node:path';

/**
 * The folder with nx.json; this file lies in apps/orchestrator/src/running, compiled in
 * apps/orchestrator/dist/running.
 */
export function workspaceFolder(): string {
  return dirname(dirname(dirname(dirname(import.meta.dirname))));
}

/** Everything downloaded or produced, unless a command is told otherwise. */
export function dataCacheFolder(): string {
  return join(workspaceFolder(), 'data-cache');
}
