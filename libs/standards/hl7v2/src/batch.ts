import type { ProblemFault } from '@concord/canonical';

import { fault } from './fault.js';

/**
 * A file or batch of messages (FHS, BHS … BTS, FTS; HL7 2.5.1 §2.10.3), taken apart but not read: one message that cannot be
 * read must not keep the others from being heard, and each is answered for itself.
 */
export interface Hl7Batch {
  readonly messages: readonly string[];
  /** The header of the outermost envelope, FHS or BHS, where there is one. */
  readonly header?: string;
  /**
   * The number of messages that the trailers claim (the sum of BTS-1), where they claim one. Real senders get it wrong; a claim
   * above the number found may be a file that was cut off.
   */
  readonly claimed?: number;
  /** What is wrong with the envelopes: their counts, their nesting, their ends. The messages inside are whole all the same. */
  readonly faults: readonly ProblemFault[];
}

/** A text without envelope segments is a batch of the messages in it, most often one. */
export function readBatch(text: string): Hl7Batch {
  const reader = new BatchReader();
  for (const line of text.replace(/^\uFEFF/, '').split(/[\r\n]+/)) reader.take(line);
  return reader.end();
}

/** Whether a text begins with an envelope. */
export const isBatch = (text: string): boolean => /^[\uFEFF\s]*[FB]HS/.test(text.slice(0, 16));

class BatchReader {
  private readonly messages: string[][] = [];
  private readonly faults: ProblemFault[] = [];
  private header: string | undefined;
  private claimed: number | undefined;
  private open: string[] = [];
  private batches = 0;
  /** How many messages had come when the batch in hand began. */
  private before = 0;

  take(line: string): void {
    const name = line.slice(0, 3);
    if (name === 'FHS' || name === 'BHS') this.begin(name, line);
    else if (name === 'BTS' || name === 'FTS') this.finish(name, line);
    else if (name === 'MSH') this.messages.push([line]);
    else if (line !== '') (this.messages.at(-1) ?? this.opened()).push(line);
  }

  end(): Hl7Batch {
    for (const name of this.open) this.fault(TRAILER[name]!, `The ${name} envelope is not closed: it may be cut off`);
    const { header, claimed, faults } = this;
    return { messages: this.messages.map((lines) => `${lines.join('\r')}\r`), header, claimed, faults };
  }

  private begin(name: 'FHS' | 'BHS', line: string): void {
    this.header ??= line;
    if (this.open.includes(name)) this.fault(name, `A ${name} envelope begins inside another`);
    this.open.push(name);
    if (name === 'FHS') return;
    this.batches += 1;
    this.before = this.messages.length;
  }

  private finish(name: 'BTS' | 'FTS', line: string): void {
    const at = this.open.lastIndexOf(HEADER[name]!);
    if (at < 0) this.fault(name, `${name} closes an envelope that was not opened`);
    else this.open.splice(at, 1);
    const claim = countOf(line);
    if (claim === undefined) return;
    const found = name === 'BTS' ? this.messages.length - this.before : this.batches;
    if (name === 'BTS') this.claimed = (this.claimed ?? 0) + claim;
    if (name === 'BTS') this.before = this.messages.length;
    const what = name === 'BTS' ? 'messages' : 'batches';
    if (claim !== found) this.fault(`${name}-1`, `${name}-1 counts ${claim} ${what}, and ${found} were found`);
  }

  private fault(pointer: string, detail: string): void {
    if (this.faults.length < MOST_FAULTS) this.faults.push(fault(pointer, 'structure', detail));
  }

  /** What stands before the first MSH is a message too, an unreadable one, so that nothing is lost without an answer. */
  private opened(): string[] {
    const message: string[] = [];
    this.messages.push(message);
    return message;
  }
}

const MOST_FAULTS = 100;
const HEADER: Readonly<Record<string, string>> = { BTS: 'BHS', FTS: 'FHS' };
const TRAILER: Readonly<Record<string, string>> = { BHS: 'BTS', FHS: 'FTS' };

/** BTS-1 or FTS-1, where it says a number; the separator after the name is the message's own. */
const countOf = (trailer: string): number | undefined => {
  const digits = /^[BF]TS[^\w](\d{1,9})/.exec(trailer)?.[1];
  return digits === undefined ? undefined : Number(digits);
};
