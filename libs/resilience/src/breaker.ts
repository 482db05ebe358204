import { EventEmitter } from 'node:events';
import { asProblem, type Problem } from '@concord/canonical';
import CircuitBreaker from 'opossum';
import { stopped, stoppedBy } from './stopped.js';

/**
 * A target that mostly fails is left alone for a moment. Closed: calls pass and are counted over a sliding window. Open:
 * calls are refused at once. Half open: one call is tried; it closes the breaker or opens it again. Only failures of the
 * target count; a refusal by rule or for the caller's fault is an answer, and proves that the target works.
 */
export interface BreakerPolicy {
  /** Calls in the window before the breaker judges at all. */
  readonly volume: number;
  /** The share of failures, from 0 to 1, at which it opens. */
  readonly failureShare: number;
  /** The window, in milliseconds. */
  readonly windowMs: number;
  /** From opening to the next try, in milliseconds. */
  readonly resetMs: number;
}

export const BREAKER: BreakerPolicy = { volume: 20, failureShare: 0.5, windowMs: 10_000, resetMs: 2_000 };

export type BreakerState = 'closed' | 'open' | 'half-open';
export type StateListener = (state: BreakerState) => void;

const SLICES = 10;

export class Breaker {
  private readonly window = new EventEmitter();
  private readonly circuit: CircuitBreaker<[() => Promise<unknown>]>;
  private readonly listeners = new Set<StateListener>();
  private readonly sliceMs: number;
  private slice: number;
  private openedAt = 0;

  constructor(
    private readonly target: string,
    private readonly now: () => number,
    private readonly policy: BreakerPolicy = BREAKER,
  ) {
    this.sliceMs = policy.windowMs / SLICES;
    this.slice = Math.floor(now() / this.sliceMs);
    this.circuit = new CircuitBreaker((call) => call(), {
      name: target,
      timeout: false,
      volumeThreshold: policy.volume,
      errorThresholdPercentage: justBelow(policy.failureShare * 100),
      resetTimeout: policy.resetMs,
      rollingCountTimeout: policy.windowMs,
      rollingCountBuckets: SLICES,
      rollingPercentilesEnabled: false,
      enableSnapshots: false,
      rotateBucketController: this.window,
      errorFilter: (error) => !this.blamesTarget(error),
    });
    this.circuit.on('open', () => this.changed('open'));
    this.circuit.on('halfOpen', () => this.changed('half-open'));
    this.circuit.on('close', () => this.changed('closed'));
  }

  get state(): BreakerState {
    if (this.circuit.closed) return 'closed';
    return this.circuit.halfOpen ? 'half-open' : 'open';
  }

  /** Rejects with `upstream-unavailable` and `retryAfter` while open, and while another call is being tried. */
  run<T>(call: () => Promise<T>): Promise<T> {
    if (!this.circuit.closed && !this.circuit.pendingClose) return Promise.reject(this.refusal());
    this.slideTo(Math.floor(this.now() / this.sliceMs));
    return this.circuit.fire(call) as Promise<T>;
  }

  /** Tells of every change of state until the returned function is called. */
  onStateChange(listener: StateListener): () => void {
    this.listeners.add(listener);
    return () => void this.listeners.delete(listener);
  }

  /**
   * A try that was stopped on our side proves nothing, and must not close the breaker. One that was stopped further on,
   * before what stands behind the target, is a failure of the target: it cannot do what it is there for.
   */
  private blamesTarget(error: unknown): boolean {
    const problem = asProblem(error);
    const stopper = stoppedBy(problem);
    if (stopper === 'breaker' || stopper === 'maintenance') return true;
    if (stopper) return this.circuit.halfOpen;
    return problem.kind.cause === 'transport' || problem.kind.cause === 'internal';
  }

  private refusal(): Problem {
    const leftMs = this.openedAt + this.policy.resetMs - this.now();
    return stopped('breaker', this.target, Math.max(1, Math.ceil(leftMs / 1_000)));
  }

  private changed(state: BreakerState): void {
    if (state === 'open') this.openedAt = this.now();
    if (state === 'closed') this.rotate(SLICES); // what was before the pause does not count against the recovered target
    for (const listener of this.listeners) listener(state);
  }

  /** Drops the slices that have left the window. */
  private slideTo(slice: number): void {
    this.rotate(Math.min(slice - this.slice, SLICES));
    this.slice = slice;
  }

  private rotate(slices: number): void {
    for (let done = 0; done < slices; done++) this.window.emit('rotate');
  }
}

/** opossum opens above its threshold; ours opens at it. */
const justBelow = (percentage: number): number => percentage - 1e-6;
