/** The options of `layerwise search`, as its work receives them. */
import type { RateSearchOptions, StudyOptions } from '@layerwise/rate-search/options';
import type { TaskOptions } from '../../options/task-options.js';

/** Beside what is trained. */
export interface SearchCommandOptions extends StudyOptions {
  readonly out: string;
  /** A file with points that are tried first. */
  readonly given?: string;
  readonly json?: boolean;
}

/** A search whose trials are our own fine-tuning. */
export interface FinetuneSearchOptions extends SearchCommandOptions, RateSearchOptions, TaskOptions {
  readonly original: string;
  readonly shifted: string;
  readonly encoder: string;
  readonly checkpointEvery: number;
}

/** A search whose trials are a person's command. */
export interface CommandSearchOptions extends SearchCommandOptions {
  readonly command: string;
}
