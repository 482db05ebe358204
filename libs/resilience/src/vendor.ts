import { Problem } from '@concord/canonical';
import type { BreakerState, StateListener } from './breaker.js';
import { guard, targetLimits, type Guard, type GuardPolicy } from './guard.js';
import { Maintenance } from './maintenance.js';
import { stopped } from './stopped.js';

/**
 * What callers do while a capability does not answer: wait in a queue, go on with an estimate, accrue and settle later,
 * or refuse.
 */
export const FALLBACKS = ['queue', 'estimate', 'accrue', 'refuse'] as const;
export type Fallback = (typeof FALLBACKS)[number];

export interface VendorPolicy extends GuardPolicy {
  /** Windows in which it is not called, as `Maintenance.of` reads them. */
  readonly maintenance?: string;
  /** By capability; `queue` for one that is not named. */
  readonly fallbacks?: Readonly<Record<string, Fallback>>;
  /** The clock that maintenance goes by. */
  readonly clock?: () => Date;
}

export interface CapabilityHealth {
  readonly capability: string;
  readonly state: BreakerState;
  readonly fallback: Fallback;
}

/** How a vendor is doing. It holds no address and no secret. */
export interface VendorHealth {
  readonly vendor: string;
  readonly capabilities: readonly CapabilityHealth[];
  readonly active: number;
  readonly waiting: number;
  readonly callsLastMinute?: number;
  readonly callsPerMinute?: number;
  readonly exhaustedInSeconds?: number;
  readonly maintenanceUntil?: Date;
  /** Since when it has answered without a failure in between, and when it answered last. */
  readonly connectedSince?: Date;
  readonly answeredAt?: Date;
  readonly failedAt?: Date;
  readonly credentialExpiresAt?: Date;
}

const known = new Map<string, Vendor>();

/** The systems behind that this process calls. */
export const vendors = (): readonly Vendor[] => [...known.values()];

/**
 * A system behind, as all flows of this process share it: one budget of calls and of repetitions, one breaker for each
 * capability, so that a failing one leaves the others alone, and no call at all in a maintenance window.
 */
export class Vendor {
  private readonly guards = new Map<string, Guard>();
  private readonly listeners = new Set<StateListener>();
  private readonly limits;
  private readonly maintenance: Maintenance;
  private readonly clock: () => Date;
  private connectedSince: Date | undefined;
  private answeredAt: Date | undefined;
  private failedAt: Date | undefined;
  private credentialExpiresAt: Date | undefined;

  /** Throws where the maintenance windows cannot be read. */
  constructor(
    readonly name: string,
    private readonly policy: VendorPolicy = {},
  ) {
    this.limits = targetLimits(name, policy);
    this.maintenance = Maintenance.of(policy.maintenance ?? '');
    this.clock = policy.clock ?? (() => new Date());
    known.set(name, this);
  }

  /**
   * Calls a capability. In a maintenance window it is refused at once, `upstream-unavailable` until the window ends.
   * Where it does not answer, the problem's context names the fallback.
   */
  async run<T>(capability: string, call: (signal: AbortSignal) => Promise<T>): Promise<T> {
    try {
      this.refuseInMaintenance();
      const answer = await this.guardOf(capability).run(call);
      this.answered();
      return answer;
    } catch (error) {
      throw this.told(capability, error as Problem);
    }
  }

  /** What the vendor's credential is good for, as its connector learns it. */
  credentialGoodUntil(at: Date): void {
    this.credentialExpiresAt = at;
  }

  /** Not `closed` in a maintenance window, and where a capability fails and no other has answered since. */
  get state(): BreakerState {
    if (this.maintenance.until(this.clock())) return 'open';
    if (this.connectedSince) return 'closed';
    const states = [...this.guards.values()].map(({ state }) => state);
    return states.find((state) => state === 'half-open') ?? states.find((state) => state === 'open') ?? 'closed';
  }

  /** Tells of every change of any capability until the returned function is called. */
  onStateChange(listener: StateListener): () => void {
    this.listeners.add(listener);
    return () => void this.listeners.delete(listener);
  }

  health(): VendorHealth {
    const { active, waiting, lastMinute, perMinute, exhaustedInSeconds } = this.limits.bulkhead.load;
    const capabilities = [...this.guards].map(([capability, { state }]) => ({
      capability,
      state,
      fallback: this.fallbackOf(capability),
    }));
    return {
      vendor: this.name,
      capabilities,
      active,
      waiting,
      callsLastMinute: lastMinute,
      callsPerMinute: perMinute,
      exhaustedInSeconds,
      maintenanceUntil: this.maintenance.until(this.clock()),
      connectedSince: this.connectedSince,
      answeredAt: this.answeredAt,
      failedAt: this.failedAt,
      credentialExpiresAt: this.credentialExpiresAt,
    };
  }

  private fallbackOf(capability: string): Fallback {
    return this.policy.fallbacks?.[capability] ?? 'queue';
  }

  private guardOf(capability: string): Guard {
    const known = this.guards.get(capability);
    if (known) return known;
    const made = guard(`${this.name}.${capability}`, this.policy, this.limits);
    made.onStateChange((state) => this.listeners.forEach((listener) => listener(state)));
    this.guards.set(capability, made);
    return made;
  }

  private refuseInMaintenance(): void {
    const now = this.clock();
    const until = this.maintenance.until(now);
    if (until) throw stopped('maintenance', this.name, Math.ceil((until.getTime() - now.getTime()) / 1000));
  }

  private answered(): void {
    this.answeredAt = this.clock();
    this.connectedSince ??= this.answeredAt;
  }

  /** A refusal by rule is an answer; what failed on the way names the fallback as well. */
  private told(capability: string, problem: Problem): Problem {
    const { cause } = problem.kind;
    if (cause === 'caller' || cause === 'business') {
      this.answered();
      return problem;
    }
    if (cause === 'transport' && problem.context?.['stoppedBy'] === undefined) {
      this.failedAt = this.clock();
      this.connectedSince = undefined;
    }
    const context = { ...problem.context, fallback: this.fallbackOf(capability) };
    return new Problem(problem.slug, problem.detail, { ...problem, context, cause: problem.cause });
  }
}
