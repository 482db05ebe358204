import { asProblem, Problem } from '@concord/canonical';
import { withContext } from '@concord/observability';
import type { BreakerState, StateListener } from './breaker.js';
import { guard, targetLimits, type Guard, type GuardPolicy, type RunOptions } from './guard.js';
import { Maintenance } from './maintenance.js';
import { isStoppedBefore, stopped, stoppedBy } from './stopped.js';
import { within } from './timeout.js';
import type { Fallback } from './fallback.js';
import { Pulse, type Credential, type VendorHealth } from './vendor.health.js';

export interface VendorPolicy extends GuardPolicy {
  /** Windows in which it is not called, as `Maintenance.of` reads them. */
  readonly maintenance?: string;
  /** By capability; `queue` for one that is not named. */
  readonly fallbacks?: Readonly<Record<string, Fallback>>;
  /** The APIs of ours that it stands behind. Where none is named, it is an API of ours itself. */
  readonly apis?: readonly string[];
  /** Milliseconds between two probes. */
  readonly probeMs?: number;
  /** The clock that maintenance goes by. */
  readonly clock?: () => Date;
}

const known = new Map<string, Vendor>();

/** The systems behind that this process calls. */
export const vendors = (): readonly Vendor[] => [...known.values()];

/** A vendor may ask for a longer pause; then it is asked again after so many seconds. */
const LONGEST_PAUSE_S = 300;
const PROBE_MS = 30_000;
/** More than any vendor has; what comes after them shares one breaker. */
const MOST_CAPABILITIES = 200;
const LONGEST_PROBE_MS = 10_000;

/**
 * A system behind, as all flows of this process share it: one budget of calls and of repetitions, one breaker for each
 * capability, so that a failing one leaves the others alone, and no call at all in a maintenance window or while it asks
 * for a pause (429, Retry-After).
 */
export class Vendor {
  private readonly guards = new Map<string, Guard>();
  private readonly listeners = new Set<StateListener>();
  private readonly limits;
  private readonly maintenance: Maintenance;
  private readonly clock: () => Date;
  private readonly pulse: Pulse;
  private readonly apis: Set<string>;
  /** Capabilities that nobody waits for, because they are known not to answer. */
  private readonly silentSince = new Map<string, Date>();
  private timer: NodeJS.Timeout | undefined;
  private probing = false;
  private users = 1;

  /** Throws where the maintenance windows cannot be read. */
  constructor(
    readonly name: string,
    private readonly policy: VendorPolicy = {},
  ) {
    this.limits = targetLimits(name, policy);
    this.maintenance = Maintenance.of(policy.maintenance ?? '');
    this.clock = policy.clock ?? (() => new Date());
    this.pulse = new Pulse(this.clock);
    this.apis = new Set(policy.apis);
    known.set(name, this);
  }

  /** Once all who share it have closed it, the probe ends, and it is not among the known vendors any more. */
  close(): void {
    this.users -= 1;
    if (this.isOpen) return;
    clearInterval(this.timer);
    if (known.get(this.name) === this) known.delete(this.name);
  }

  get isOpen(): boolean {
    return this.users > 0;
  }

  /** The same vendor for one more connector, which closes it too. */
  shared(api?: string): this {
    this.users += 1;
    if (api) this.apis.add(api);
    return this;
  }

  /**
   * Calls a capability. In a maintenance window it is refused at once, `upstream-unavailable` until the window ends.
   * Where it does not answer, the problem's context names the fallback, who has repeated the call, and, as `silent`, the
   * capability that is known not to answer: then callers need not wait before they take the fallback.
   */
  async run<T>(capability: string, call: (signal: AbortSignal) => Promise<T>, options?: RunOptions): Promise<T> {
    try {
      this.refuseInMaintenance();
      const answer = await this.guardOf(capability).run((signal) => this.heeded(call(signal)), options);
      this.pulse.answered();
      if (this.silentSince.size) this.silentSince.delete(capability);
      return answer;
    } catch (error) {
      throw this.told(capability, error as Problem, options);
    }
  }

  /**
   * Asks a cheap real question now, and from now on again and again, only to learn whether there is an answer: one at a
   * time, behind all other work, and not for ever. What it throws is noted.
   */
  watch(ask: () => Promise<unknown>): void {
    const { probeMs = PROBE_MS, timeoutMs = LONGEST_PROBE_MS } = this.policy;
    const look = () => void this.probe(ask, Math.min(timeoutMs, LONGEST_PROBE_MS));
    look();
    clearInterval(this.timer);
    this.timer = setInterval(look, probeMs).unref();
  }

  /** It has sent us something by itself: now, or then, as is known of the time before this process. */
  heard(at = this.clock()): void {
    this.pulse.heard(at);
  }

  /**
   * It answers, and cannot do something that it is there for: in words, and until it is told that it can again. For as
   * long it is `down`.
   */
  ails(failure?: string): void {
    this.pulse.ailment = failure;
  }

  /** A credential by which it knows us, as its connector learns of it; a newer one of the kind takes its place. */
  credential(credential: Credential): void {
    this.pulse.credential(credential);
  }

  /** Not `closed` in a maintenance window, and where a capability fails and no other has answered since. */
  get state(): BreakerState {
    if (this.maintenance.until(this.clock())) return 'open';
    if (this.pulse.connectedSince) return 'closed';
    const states = [...this.guards.values()].map(({ state }) => state);
    return states.find((state) => state === 'half-open') ?? states.find((state) => state === 'open') ?? 'closed';
  }

  /** Tells of every change of any capability until the returned function is called. */
  onStateChange(listener: StateListener): () => void {
    this.listeners.add(listener);
    return () => void this.listeners.delete(listener);
  }

  health(): VendorHealth {
    const { active, waiting, lastMinute, perMinute, exhaustedInSeconds, heldMs } = this.limits.bulkhead.load;
    const now = this.clock();
    const maintenanceUntil = this.maintenance.until(now);
    const capabilities = [...this.guards].map(([capability, { state }]) => ({
      capability,
      state,
      fallback: this.fallbackOf(capability),
      fallbackSince: this.silentSince.get(capability),
    }));
    return {
      vendor: this.name,
      apis: [...this.apis],
      ...this.pulse.seen,
      ...(maintenanceUntil && { status: 'maintenance' as const }),
      capabilities,
      active,
      waiting,
      callsLastMinute: lastMinute,
      callsPerMinute: perMinute,
      exhaustedInSeconds,
      maintenanceUntil,
      heldUntil: heldMs > 0 ? new Date(now.getTime() + heldMs) : undefined,
    };
  }

  private async probe(ask: () => Promise<unknown>, timeoutMs: number): Promise<void> {
    // Where it is busy, the work itself tells how it goes.
    if (this.probing || this.limits.bulkhead.isFull || this.maintenance.until(this.clock())) return;
    this.probing = true;
    try {
      await withContext({ priority: 'analytics' }, () => within(timeoutMs, async () => ask(), this.name));
    } catch (error) {
      const problem = asProblem(error);
      // What was stopped on our side says nothing new: why it failed before that stands.
      if (stoppedBy(problem) !== 'bulkhead' && !isStoppedBefore(this.name, problem)) this.pulse.failed(problem);
    } finally {
      this.pulse.probed();
      this.probing = false;
    }
  }

  /** Where it asks for a pause, the calls of all flows wait. An API of ours passes on what the system behind it asks for. */
  private async heeded<T>(answer: Promise<T>): Promise<T> {
    try {
      return await answer;
    } catch (error) {
      const problem = asProblem(error);
      const seconds = problem.slug === 'rate-limited' ? (problem.retryAfter ?? 1) : pauseOf(problem);
      if (seconds > 0 && this.policy.apis) this.limits.bulkhead.hold(Math.min(seconds, LONGEST_PAUSE_S) * 1000);
      throw error;
    }
  }

  /** Whether it is known not to answer: it has been failing, or has said so beforehand. */
  private isSilent(capability: string): boolean {
    const state = this.guards.get(capability)?.state ?? 'closed';
    return state !== 'closed' || this.maintenance.until(this.clock()) !== undefined;
  }

  /** Of what stands behind an API of ours, the API knows what callers do. */
  private fallbackOf(capability: string): Fallback | undefined {
    return this.policy.apis ? undefined : (this.policy.fallbacks?.[capability] ?? 'queue');
  }

  private guardOf(asked: string): Guard {
    const capability = this.guards.size < MOST_CAPABILITIES || this.guards.has(asked) ? asked : 'others';
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

  /** A refusal by rule is an answer; what failed on the way names the fallback, and who has repeated it. */
  private told(capability: string, problem: Problem, options?: RunOptions): Problem {
    const { cause } = problem.kind;
    if (stoppedBy(problem) === 'caller') return problem;
    if (cause === 'caller' || cause === 'business') {
      this.pulse.spoke();
      return problem;
    }
    if (cause === 'transport' && !isStoppedBefore(this.name, problem)) this.pulse.failed(problem);
    const fallback = this.fallbackOf(capability);
    const isSilent = this.isSilent(capability);
    if (isSilent && !this.silentSince.has(capability)) this.silentSince.set(capability, this.clock());
    const mayRepeat = !options?.once && this.policy.retry?.attempts !== 1;
    const context = {
      ...problem.context,
      ...(fallback && { fallback }),
      ...(isSilent && { silent: capability }),
      ...(mayRepeat && { repeatedBy: this.name }),
    };
    return new Problem(problem.slug, problem.detail, { ...problem, context, cause: problem.cause });
  }
}

/** The pause that an answer of HTTP asks for; a connector's own advice to its callers is none. */
const pauseOf = ({ slug, context, retryAfter = 0 }: Problem): number =>
  slug === 'upstream-unavailable' && context?.['status'] !== undefined && !context['stoppedBy'] ? retryAfter : 0;
