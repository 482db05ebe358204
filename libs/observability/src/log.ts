import type { Loggable, LogFields } from './log.fields.js';
import { lineWriter, type LineWriter, type LoggerSettings, type WrittenLevel } from './log.writer.js';

/**
 * One JSON object a line: time, level, event, the context of the work at hand, and fields from `LOG_FIELDS`. An event is
 * a dotted word in the past tense, `run.parked`; what varies goes into fields. Nothing else can reach the output.
 */
export interface Logger extends Readonly<Record<WrittenLevel, LogLine>> {
  /** Resolves when all lines so far are with the operating system. */
  flush(): Promise<void>;
}

/** Writes the event with its fields; `error` takes anything that was thrown. */
export type LogLine = <F extends LogFields>(event: string, fields?: F & Loggable<F>) => void;

/** A logger of its own. */
export function createLogger(settings: LoggerSettings): Logger {
  const writer = lineWriter(settings);
  return facing(() => writer);
}

let chosen: LineWriter | undefined;

/**
 * The log of this process, for every library. Until the host has said where lines go, only warnings and worse are
 * written, to standard output, so that a library under test keeps quiet.
 */
export const log: Logger = facing(() => (chosen ??= lineWriter({ level: 'warn' })));

/** Says where the further lines of `log` go, and from which level on. Called once by the host. */
export function logTo(settings: LoggerSettings): void {
  chosen = lineWriter(settings);
}

function facing(writer: () => LineWriter): Logger {
  const at = (level: WrittenLevel): LogLine => {
    return (event, fields) => writer().write(level, event, fields);
  };
  return {
    fatal: at('fatal'),
    error: at('error'),
    warn: at('warn'),
    info: at('info'),
    debug: at('debug'),
    flush: () => writer().flush(),
  };
}
