/**
 * What a study keeps its events in: read when it is opened, appended to before anyone acts on an event. Ours
 * is a file (`journal-file.ts`); the one here lasts as long as the process.
 */
export interface Journal {
  /** For messages: where a person finds it. */
  readonly name: string;
  /** All events, the oldest first; plain JSON. */
  readonly read: () => readonly unknown[];
  /** Returns once the event is as safe as it will be. @throws InputError when it cannot be written */
  readonly append: (event: unknown) => void;
  /** Lets another open it. */
  readonly close: () => void;
}

/** For tests, benchmarks and studies that nobody continues. */
export function memoryJournal(): Journal {
  const events: unknown[] = [];
  return {
    name: 'the journal in memory',
    read: () => events,
    append: (event) => void events.push(event),
    close: () => undefined,
  };
}
