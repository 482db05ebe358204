import { DEFAULT_FRAME_BYTES } from './framer.js';

/**
 * What one MLLP listener takes on. It holds at most `connections × frameBytes` of unfinished frames, and of each connection
 * the frames of one read (64 KiB) unanswered: while those are worked on, nothing more is read of it.
 */
export interface MllpLimits {
  /** The longest message, in bytes; a longer one is answered AR. */
  readonly frameBytes: number;
  /** How many senders may be connected; another one is turned away. */
  readonly connections: number;
  /** Milliseconds of silence between messages after which a connection is closed. */
  readonly idleMs: number;
  /** Milliseconds within which a frame that has begun must end, and within which an answer must be taken. */
  readonly frameMs: number;
}

export const DEFAULT_MLLP_LIMITS: MllpLimits = {
  frameBytes: DEFAULT_FRAME_BYTES,
  connections: 100,
  idleMs: 10 * 60_000,
  frameMs: 30_000,
};
