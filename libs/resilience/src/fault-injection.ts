/**
 * Faults on demand, for a target that never fails by itself. A sandbox connector lets every operation pass through
 * `around`; whoever tests says beforehand which operation is to fail, how and how often:
 *
 * ```ts
 * faults.fail('createJournalEntry', { kind: 'reply-lost', times: 1 }); // posted, but the caller never hears of it
 * faults.fail('*', { kind: 'unavailable', times: 1_000_000 }); // down, until `clear`
 * ```
 */
import { setTimeout as pause } from 'node:timers/promises';
import { Problem } from '@concord/canonical';

export const FAULT_KINDS = ['unavailable', 'reply-lost', 'timeout', 'slow', 'throttled', 'rejected'] as const;
export type FaultKind = (typeof FAULT_KINDS)[number];

/** The operation name that stands for all of them. */
export const EVERY_OPERATION = '*';

export interface Fault {
  /** How often it strikes, 1 to 1,000,000. */
  readonly times: number;
  readonly kind: FaultKind;
  /** Milliseconds that `timeout` and `slow` take, 1,000 unless said. */
  readonly delayMs?: number;
}

/** A fault that still waits; `times` is what is left of it. */
export interface WaitingFault extends Fault {
  readonly operation: string;
}

type Effect = () => Promise<unknown>;

const DELAY_MS = 1000;
const RETRY_AFTER_S = 1;

/** What each kind does around the effect; all but `reply-lost` and `slow` leave it undone. */
const STRIKES: Record<FaultKind, (effect: Effect, delayMs: number) => Promise<unknown>> = {
  unavailable: () => Promise.reject(new Problem('upstream-unavailable', 'The sandbox was told to be unavailable')),
  throttled: () =>
    Promise.reject(new Problem('rate-limited', 'The sandbox was told to throttle', { retryAfter: RETRY_AFTER_S })),
  rejected: () => Promise.reject(new Problem('upstream-rejected', 'The sandbox was told to refuse')),
  'reply-lost': async (effect) => {
    await effect();
    throw new Problem('upstream-timeout', 'The sandbox was told to lose its reply');
  },
  timeout: async (_effect, delayMs) => {
    await pause(delayMs);
    throw new Problem('upstream-timeout', 'The sandbox was told not to answer in time');
  },
  slow: async (effect, delayMs) => {
    await pause(delayMs);
    return effect();
  },
};

/** The faults that one target has been told to have. Faults of one operation strike in the order they were told. */
export class FaultInjection {
  private waiting: WaitingFault[] = [];

  /** Makes the next `times` calls of an operation fail; `*` is every operation. */
  fail(operation: string, fault: Fault): void {
    this.waiting = [...this.waiting, { ...fault, operation }];
  }

  /** What still waits to strike. */
  list(): readonly WaitingFault[] {
    return this.waiting;
  }

  /** The target is well again. */
  clear(): void {
    this.waiting = [];
  }

  /** Runs the effect of an operation, or what its next fault makes of it. */
  around<T>(operation: string, effect: () => Promise<T>): Promise<T> {
    if (this.waiting.length === 0) return effect();
    const fault = this.take(operation);
    return fault ? (STRIKES[fault.kind](effect, fault.delayMs ?? DELAY_MS) as Promise<T>) : effect();
  }

  private take(operation: string): Fault | undefined {
    const next = this.waiting.find((fault) => fault.operation === operation || fault.operation === EVERY_OPERATION);
    if (!next) return undefined;
    const left = { ...next, times: next.times - 1 };
    this.waiting = this.waiting.flatMap((fault) => (fault !== next ? [fault] : left.times > 0 ? [left] : []));
    return next;
  }
}
