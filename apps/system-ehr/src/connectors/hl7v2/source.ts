import { CODE, type Coding } from '@concord/canonical';
import {
  codeOf,
  instantOf,
  pointerTo,
  Reading,
  type Field,
  type Hl7Message,
  type Said,
  type Segment,
} from '@concord/hl7v2';
import type { Loss } from '../facts/message-notes.js';
import type { Facts, Kind, Statement } from '../facts/statement.js';
import { codingOf, UNSTATED_SYSTEM } from './code-systems.js';

export interface SourceParts {
  readonly receivedAt: Date;
  /** A keyed digest: what a number that may identify a person becomes, so that an id says nothing by itself. */
  readonly digestOf: (text: string) => string;
}

/** A message while it is turned into statements: what it says, what of it is faulty, and what of it is lost. */
export class Source {
  readonly reading: Reading;
  /** When it was said: EVN-2 where it is exact enough, else MSH-7, else when it came. */
  readonly saidAt: string;
  readonly losses: Loss[] = [];
  private readonly hidden = new Map<string, string>();

  constructor(
    readonly message: Hl7Message,
    private readonly parts: SourceParts,
  ) {
    this.reading = new Reading(message);
    this.saidAt = this.momentSaid();
  }

  state(kind: Kind, id: string, facts: Facts, saidAt = this.saidAt): Statement {
    return { kind, id, saidAt, facts };
  }

  /** An id for what the sender knows by numbers that may identify a person: the same numbers give the same id. */
  hiddenId(prefix: string, ...numbers: readonly string[]): string {
    const said = JSON.stringify(numbers);
    let id = this.hidden.get(said);
    if (id === undefined) this.hidden.set(said, (id = this.parts.digestOf(said).slice(0, 22)));
    return `${prefix}-${id}`;
  }

  lose(place: string, reason: string): void {
    this.losses.push({ place, reason });
  }

  /** A number of the sender as an id; `undefined`, and a loss, for one that cannot be carried. */
  id(text: string | undefined, place: string): string | undefined {
    if (text === undefined || CODE.test(text)) return text;
    this.lose(place, 'is no id: letters, digits and ._:- only');
    return undefined;
  }

  /** A moment in UTC; a fault where it is none. */
  instant(segment: Segment | undefined, field: number, component = 1): Said<string> {
    const said = segment?.said(field, component);
    if (!segment || typeof said !== 'string') return said;
    const place = { segment: segment.name, occurrence: segment.occurrence, field };
    return this.reading.needed(instantOf(said, this.message.zone), place, 'a time to the day or finer');
  }

  /**
   * A code in its system; a loss where it cannot be carried.
   * @param method names the system where the code itself does not
   * @param local the system of a code that names none, and that nobody has published
   */
  coding(field: Field | undefined, place: string, method?: string, local = UNSTATED_SYSTEM): Said<Coding> {
    if (field?.said() === null) return null;
    const code = field && codeOf(field);
    if (!code) return undefined;
    const coding = codingOf({ ...code, system: code.system ?? method }, local);
    if (!coding) this.lose(place, 'is no code: letters, digits and ._:- only');
    return coding;
  }

  place(segment: Segment, field?: number): string {
    return pointerTo({ segment: segment.name, occurrence: segment.occurrence, field });
  }

  /** A clock that runs a day ahead of ours would make everything that follows look older: its word is not taken. */
  private momentSaid(): string {
    const { message } = this;
    const recorded = message.segment('EVN')?.text(2);
    const received = this.parts.receivedAt;
    const exact = recorded !== undefined && recorded.length >= EXACT ? instantOf(recorded, message.zone) : undefined;
    const said = exact ?? message.header.sentAt;
    if (said === undefined) return received.toISOString();
    if (Date.parse(said) <= received.getTime() + DAY) return said;
    this.lose(exact ? 'EVN-2' : 'MSH-7', 'lies in the future; the time of arrival stands for it');
    return received.toISOString();
  }
}

/** EVN-2 to the minute: a day alone would make all messages of that day look older than they are. */
const EXACT = 'YYYYMMDDHHMM'.length;
const DAY = 86_400_000;
