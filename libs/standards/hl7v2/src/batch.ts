/**
 * A file or batch of messages (FHS, BHS … BTS, FTS; HL7 2.5.1 §2.10.3), taken apart but not read: one message that cannot be
 * read must not keep the others from being heard, and each is answered for itself.
 */
export interface Hl7Batch {
  readonly messages: readonly string[];
  /**
   * The number of messages that the trailers claim (the sum of BTS-1), where they claim one. Real senders get it wrong; a claim
   * above the number found may be a file that was cut off.
   */
  readonly claimed?: number;
}

const ENVELOPE = new Set(['FHS', 'BHS', 'BTS', 'FTS']);

/** A text without envelope segments is a batch of the messages in it, most often one. */
export function readBatch(text: string): Hl7Batch {
  const messages: string[][] = [];
  let claimed: number | undefined;
  for (const line of text.replace(/^\uFEFF/, '').split(/[\r\n]+/)) {
    const name = line.slice(0, 3);
    if (name === 'BTS') claimed = (claimed ?? 0) + countOf(line);
    if (name === 'MSH') messages.push([line]);
    else if (line !== '' && !ENVELOPE.has(name)) (messages.at(-1) ?? opened(messages)).push(line);
  }
  return { messages: messages.map((lines) => `${lines.join('\r')}\r`), claimed };
}

/** What stands before the first MSH is a message too, an unreadable one, so that nothing is lost without an answer. */
function opened(messages: string[][]): string[] {
  const message: string[] = [];
  messages.push(message);
  return message;
}

/** BTS-1; the separator after the name is the message's own. */
const countOf = (trailer: string): number => Number(/^BTS.(\d+)/.exec(trailer)?.[1] ?? 0);
