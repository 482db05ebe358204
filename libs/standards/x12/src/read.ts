import type { GroupHeader, InterchangeAcknowledgment, InterchangeHeader, X12Event, X12Set } from './envelope.js';
import { DEFAULT_ENVELOPE_LIMITS, type EnvelopeLimits, EnvelopeReader, type Strictness } from './envelope.reader.js';
import { type X12Fault, X12Refusal } from './fault.js';
import { DEFAULT_TOKENIZER_LIMITS, Tokenizer, type TokenizerLimits } from './tokenizer.js';

export interface ReadOptions {
  /** A setting of the partner: `strict` if nothing is said. */
  readonly strictness?: Strictness;
  readonly limits?: Partial<TokenizerLimits & EnvelopeLimits>;
}

const CHUNK = 256 * 1024;

/**
 * Reads X12 as it streams in, and yields what it finds, one transaction set at a time. It holds one set and one chunk in
 * memory, whatever the length of the file. Never throws for what it reads; faults come as events with their place.
 */
export async function* streamX12(
  source: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
  options: ReadOptions = {},
): AsyncGenerator<X12Event> {
  const reading = new Reading(options);
  for await (const chunk of source) {
    for (let from = 0; from < chunk.length; from += CHUNK) {
      reading.push(chunk.subarray(from, from + CHUNK));
      yield* reading.taken();
    }
  }
  reading.end();
  yield* reading.taken();
}

export interface X12Interchange {
  readonly header: InterchangeHeader;
  readonly groups: readonly X12Group[];
  readonly acknowledgments: readonly InterchangeAcknowledgment[];
  /** Of the interchange and of all in it; where there are none, every set may be used. */
  readonly faults: readonly X12Fault[];
  readonly warnings: readonly X12Fault[];
}

export interface X12Group {
  readonly header: GroupHeader;
  readonly sets: readonly X12Set[];
  /** The sets that must not be used, by their place in `sets`. */
  readonly refused: ReadonlyMap<X12Set, readonly X12Fault[]>;
  readonly faults: readonly X12Fault[];
}

export interface X12File {
  readonly interchanges: readonly X12Interchange[];
  /** What stands outside of any interchange. */
  readonly faults: readonly X12Fault[];
}

/** Reads a whole file that is already in memory. Never throws for what it reads. */
export function readX12(bytes: Uint8Array, options: ReadOptions = {}): X12File {
  const interchanges: X12Interchange[] = [];
  const outside: X12Fault[] = [];
  let [groups, acknowledgments]: [X12Group[], InterchangeAcknowledgment[]] = [[], []];
  let sets: X12Set[] = [];
  let refused = new Map<X12Set, readonly X12Fault[]>();
  const reading = new Reading(options, (event) => {
    if (event.kind === 'set') {
      sets.push(event.set);
      if (event.faults.length > 0) refused.set(event.set, event.faults);
    } else if (event.kind === 'interchange') [groups, acknowledgments] = [[], []];
    else if (event.kind === 'group') [sets, refused] = [[], new Map<X12Set, readonly X12Fault[]>()];
    else if (event.kind === 'acknowledgment') acknowledgments.push(event.acknowledgment);
    else if (event.kind === 'group-end') groups.push({ header: event.header, sets, refused, faults: event.faults });
    else if (event.kind === 'interchange-end') {
      const { header, faults, warnings } = event;
      interchanges.push({ header, groups, acknowledgments, faults, warnings });
    } else outside.push(event.fault);
  });
  for (let from = 0; from < bytes.length; from += CHUNK) reading.push(bytes.subarray(from, from + CHUNK));
  reading.end();
  if (interchanges.length === 0 && outside.length === 0) {
    outside.push({ code: 'garbage', detail: 'There is no interchange', position: { offset: 0, segment: 0 } });
  }
  return { interchanges, faults: outside };
}

/** All sets of a file, in order. Throws one `X12Refusal` with every fault if there is any. */
export function setsOf(file: X12File): X12Set[] {
  const faults = [...file.faults, ...file.interchanges.flatMap((interchange) => interchange.faults)];
  if (faults.length > 0) throw new X12Refusal(faults);
  return file.interchanges.flatMap(({ groups }) => groups.flatMap(({ sets }) => [...sets]));
}

class Reading {
  private readonly events: X12Event[] = [];
  private readonly tokenizer: Tokenizer;
  private readonly envelopes: EnvelopeReader;

  constructor({ strictness, limits }: ReadOptions, tell?: (event: X12Event) => void) {
    const kept = (event: X12Event) => void this.events.push(event);
    this.envelopes = new EnvelopeReader(tell ?? kept, strictness, { ...DEFAULT_ENVELOPE_LIMITS, ...limits });
    this.tokenizer = new Tokenizer(this.envelopes, { ...DEFAULT_TOKENIZER_LIMITS, ...limits });
  }

  push(chunk: Uint8Array): void {
    this.tokenizer.push(chunk);
  }

  end(): void {
    this.tokenizer.end();
    this.envelopes.end();
  }

  taken(): X12Event[] {
    return this.events.splice(0);
  }
}
