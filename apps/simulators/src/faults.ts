/**
 * What a simulator is told to do wrong, and how often. A simulator asks before each operation; what it is told then is
 * used up by one. Deterministic: nothing here throws dice.
 */

/** What can go wrong between us and a system of somebody else. */
export const FAULT_KINDS = [
  'timeout', // takes it, and never answers
  'rate-limited', // 429 with Retry-After
  'reset', // cuts the connection before anything is done
  'slow-drip', // answers, a few bytes at a time
  'malformed', // answers what cannot be parsed
  'wrong-schema', // answers what can be parsed, and is something else
  'reply-lost', // does it, and cuts the connection instead of saying so
  'duplicate', // sends the same twice
  'out-of-order', // sends the next first
  'lost', // does not send it at all
  'shrunken', // tells of a part of what there is, as if that were all
  'overtaken', // somebody else changes the same a moment before
  'maintenance', // 503 until a moment, whatever is asked
] as const;

export type FaultKind = (typeof FAULT_KINDS)[number];

export interface Fault {
  /** Name of an operation of the simulator; `*` is any. */
  readonly operation: string;
  readonly kind: FaultKind;
  /** How often; once if not said. A maintenance window lasts until its end, however often it is asked. */
  readonly times?: number;
  /** Seconds that a 429 or 503 asks to wait; 1 if not said. */
  readonly retryAfter?: number;
  /** Milliseconds between the drips of a slow answer; 50 if not said. */
  readonly delayMs?: number;
  /** When a maintenance window ends, by the simulator's clock. */
  readonly until?: string;
}

/** The most that can be told at a time; more is a test that has gone astray. */
const MOST = 1000;

export class Faults {
  private told: (Fault & { left: number })[] = [];

  constructor(private readonly now: () => Date = () => new Date()) {}

  tell(fault: Fault): void {
    if (this.told.length >= MOST) throw new Error(`More than ${MOST} faults are told already`);
    this.told.push({ ...fault, left: fault.times ?? 1 });
  }

  /** What goes wrong with this operation now, if anything; it is used up by one. */
  next(operation: string): Fault | undefined {
    const fault = this.told.find((one) => this.isDue(one, operation));
    if (fault && fault.kind !== 'maintenance') fault.left -= 1;
    this.told = this.told.filter((one) => one.left > 0 && !this.isOver(one));
    return fault;
  }

  /** What is still to go wrong, with the times that are left. */
  list(): readonly Fault[] {
    return this.told.map(({ left, ...fault }) => ({ ...fault, times: left }));
  }

  clear(): void {
    this.told = [];
  }

  private isDue(fault: Fault & { left: number }, operation: string): boolean {
    return (fault.operation === '*' || fault.operation === operation) && fault.left > 0 && !this.isOver(fault);
  }

  private isOver({ kind, until }: Fault): boolean {
    return kind === 'maintenance' && until !== undefined && this.now() >= new Date(until);
  }
}
