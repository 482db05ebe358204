import { destination as bufferedFile, pino, type DestinationStream } from 'pino';
import { currentContext } from './context.js';
import { LOG_FIELDS, type LogField, type LogFields } from './log.fields.js';
import { isoTime } from './log.time.js';
import { loggedError } from './logged-error.js';
import { counter } from './metrics.js';

/** Puts lines into the output: what `LOG_FIELDS` admits is written, anything else is dropped and counted. */
export interface LineWriter {
  write(level: WrittenLevel, event: string, fields?: object): void;
  flush(): Promise<void>;
}

export type LogLevel = 'fatal' | 'error' | 'warn' | 'info' | 'debug' | 'silent';
export type WrittenLevel = Exclude<LogLevel, 'silent'>;

export interface LoggerSettings {
  /** The least level that is written. */
  readonly level: LogLevel;
  /** Standard output where it is left out, in blocks of 4 KiB: at least once a second, and all of it when the process exits. */
  readonly destination?: DestinationStream;
}

const EVENT = /^[a-z][a-z0-9-]*(\.[a-z][a-z0-9-]*)*$/;
const BLOCK_BYTES = 4_096;
const FLUSH_EVERY_MS = 1_000;

const dropped = counter('concord_log_dropped_total', 'What was kept out of the log', {
  what: ['event', 'field', 'value'],
});

export function lineWriter({ level, destination = standardOutput() }: LoggerSettings): LineWriter {
  const lines = pino(
    {
      level,
      messageKey: 'event',
      base: { pid: process.pid },
      timestamp: isoTime,
      formatters: { level: (label) => ({ level: label }) },
    },
    destination,
  );
  return {
    write: (at, event, fields) => {
      if (lines.isLevelEnabled(at)) lines[at](admitted(fields), admittedEvent(event));
    },
    flush: () => new Promise((resolve, reject) => lines.flush((error) => (error ? reject(error) : resolve()))),
  };
}

const standardOutput = (): DestinationStream =>
  bufferedFile({ fd: 1, sync: false, minLength: BLOCK_BYTES, periodicFlush: FLUSH_EVERY_MS });

function admittedEvent(event: string): string {
  if (EVENT.test(event)) return event;
  dropped.add({ what: 'event' });
  return 'unnamed';
}

/** A field of the line goes before the same one of the context. */
function admitted(fields?: object): Record<string, unknown> {
  const line: Record<string, unknown> = {};
  for (const [field, value] of Object.entries({ ...ofContext(), ...fields })) {
    if (value === undefined) continue;
    if (!Object.hasOwn(LOG_FIELDS, field)) dropped.add({ what: 'field' });
    else if (!LOG_FIELDS[field as LogField].admits(value)) dropped.add({ what: 'value' });
    else line[field] = field === 'error' ? loggedError(value) : value;
  }
  return line;
}

function ofContext(): LogFields | undefined {
  const context = currentContext();
  if (context === undefined) return undefined;
  const { correlationId, caller, runId, step, traceparent } = context;
  return { correlationId, caller, runId, step, traceId: traceparent?.slice(3, 35) };
}
