import { isNativeError } from 'node:util/types';
import { Problem } from '@concord/canonical';

/**
 * An error as a log line may show it. A `Problem` is written by its author to be read, so its slug and sentence appear.
 * The message of any other error may quote a patient's row, and is left out: what stays is where it happened.
 */
export interface LoggedError {
  readonly name: string;
  readonly problem?: string;
  readonly detail?: string;
  /** What the driver or the operating system calls it: an SQLSTATE, `ECONNREFUSED`. */
  readonly code?: string;
  /** Where it was thrown, innermost first. */
  readonly frames: readonly string[];
  readonly cause?: LoggedError;
}

const NAME = /^[A-Z][A-Za-z]{0,60}$/;
const CODE = /^[A-Z0-9][A-Z0-9_]{2,40}$/;
/** A frame with a file, a line and a column; nothing else of a stack is trusted. */
const FRAME = /^ {4}at (?:[\w.$<>[\] #]+ \()?(?:file:\/\/|node:|\/)[^\s()]*:\d+:\d+\)?$/;
const MOST_FRAMES = 12;
const MOST_CAUSES = 3;

export function loggedError(error: unknown, depth = 0): LoggedError {
  if (!isNativeError(error)) return { name: 'NotAnError', frames: [] };
  const ours = error instanceof Problem ? error : undefined;
  const { code } = error as { code?: unknown };
  return {
    name: NAME.test(error.name) ? error.name : 'Error',
    problem: ours?.slug,
    detail: ours?.detail,
    code: typeof code === 'string' && CODE.test(code) ? code : undefined,
    frames: framesOf(error),
    cause: error.cause === undefined || depth === MOST_CAUSES ? undefined : loggedError(error.cause, depth + 1),
  };
}

/** The frames below the message. Where the message cannot be found in the stack, nothing below it can be told apart. */
function framesOf({ message, stack = '' }: Error): string[] {
  const start = stack.indexOf(message);
  if (start < 0) return [];
  const frames = stack.slice(start + message.length).split('\n');
  return frames
    .filter((frame) => FRAME.test(frame))
    .slice(0, MOST_FRAMES)
    .map((frame) => frame.trim());
}
