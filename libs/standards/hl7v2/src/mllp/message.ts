import type { DecodedHl7 } from '../charset.js';

/** A message as it came over MLLP: its bytes, to be kept, and its text by MSH-18. */
export interface MllpMessage extends DecodedHl7 {
  readonly bytes: Buffer;
}

/** Who speaks: a number of our own that stays with the connection, and the address it comes from. */
export interface MllpConnection {
  readonly id: number;
  readonly peer: string;
}

/**
 * Takes a message over and answers with the text of its acknowledgement, in enhanced mode with two or none; what it throws is
 * answered AE.
 */
export type OnMllpMessage = (message: MllpMessage, connection: MllpConnection) => Promise<string | readonly string[]>;

/** The two levels used here of a logger in the manner of pino. Content of messages is never logged. */
export interface MllpLog {
  info(fields: object, message: string): void;
  warn(fields: object, message: string): void;
}
