import { randomUUID } from 'node:crypto';
import { Problem, type ProblemFault } from '@concord/canonical';
import type { Vault } from '@concord/events';
import { log, withContext } from '@concord/observability';
import { inTime } from '../in-time.js';
import { problemOf } from '../problem.filter.js';
import { placeOf, type JobRow, type JobStore, type Outcome, type WaitingItem } from './job.store.js';

/** Has the effect of one entry, under its business key. */
export type Work = (businessKey: string, entry: never) => Promise<unknown>;

interface Kind {
  readonly work: Work;
  readonly faultsOf: (entry: unknown) => readonly ProblemFault[];
}

interface Parts {
  readonly api: string;
  readonly store: JobStore;
  readonly vault: Vault | undefined;
  readonly kinds: ReadonlyMap<string, Kind>;
  readonly itemTimeoutMs: number;
  readonly leaseMs: number;
}

const BATCH = 100;
const AT_ONCE = 8;
/** How often a job is looked for that another process took in, or that has rested. */
const IDLE_MS = 1000;
/** Tries of an entry whose target does not answer, over some ten minutes. */
const ATTEMPTS = 15;
const LONGEST_REST_MS = 60_000;

/** Works at the jobs of one API in this process, a batch of each in turn. */
export class JobWorker {
  private readonly name = randomUUID();
  private readonly resources: readonly string[];
  private stopping = false;
  private working: Promise<void> = Promise.resolve();
  private awake: () => void = () => undefined;

  constructor(private readonly parts: Parts) {
    this.resources = [...parts.kinds.keys()];
  }

  start(): void {
    this.working = this.work();
  }

  /** There may be something to do. */
  wake(): void {
    this.awake();
  }

  /** Ends after the entries that are being worked at. */
  async stop(): Promise<void> {
    this.stopping = true;
    this.awake();
    await this.working;
  }

  private async work(): Promise<void> {
    while (!this.stopping) {
      try {
        const job = await this.parts.store.lease(this.resources, this.name, this.parts.leaseMs);
        if (job) await this.batch(job);
        else await this.rest();
      } catch (error) {
        log.error('bulk.failed', { api: this.parts.api, error });
        await this.rest();
      }
    }
  }

  private async rest(): Promise<void> {
    if (this.stopping) return;
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, IDLE_MS);
      this.awake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }

  private async batch(job: JobRow): Promise<void> {
    const { store, leaseMs } = this.parts;
    const renewal = setInterval(() => {
      store.renew(job.id, this.name, leaseMs).catch((error: unknown) => log.error('bulk.failed', { error }));
    }, leaseMs / 3);
    try {
      const waiting = job.cancelled_at ? [] : await store.waiting(job.id, BATCH);
      const { outcomes, restMs } = await this.worked(job, waiting);
      await store.settle(job.id, this.name, outcomes, restMs);
    } finally {
      clearInterval(renewal);
    }
  }

  /** A few at once. Once the target does not answer, nothing more is begun, and the job rests. */
  private async worked(job: JobRow, waiting: readonly WaitingItem[]): Promise<{ outcomes: Outcome[]; restMs: number }> {
    const outcomes: Outcome[] = [];
    const next = waiting.values();
    let restMs = 0;
    const one = async () => {
      for (const item of next) {
        const problem = await this.problemWith(job, item);
        const again = problem?.retryable && item.attempts + 1 < ATTEMPTS;
        if (again) restMs = Math.max(restMs, restAfter(item.attempts, problem));
        outcomes.push(again ? { line: item.line, state: 'waiting' } : outcomeOf(item.line, problem));
        if (restMs || this.stopping) return;
      }
    };
    await Promise.all(Array.from({ length: AT_ONCE }, one));
    return { outcomes, restMs };
  }

  private async problemWith(job: JobRow, { line, entry }: WaitingItem): Promise<Problem | undefined> {
    const { vault, kinds, itemTimeoutMs } = this.parts;
    const kind = kinds.get(job.resource)!;
    try {
      const text = vault ? vault.open(entry, placeOf(job.id, line)) : entry;
      const value = JSON.parse(text.toString('utf8')) as never;
      const errors = kind.faultsOf(value);
      if (errors.length) return new Problem('validation-failed', undefined, { errors });
      const context = { correlationId: job.correlation_id, caller: job.client, priority: 'analytics' } as const;
      await withContext(context, () => inTime(kind.work(`${job.id}/${line}`, value), itemTimeoutMs));
      return undefined;
    } catch (error) {
      const problem = problemOf(error);
      if (problem.slug === 'internal') log.error('bulk.entry-failed', { api: this.parts.api, error });
      return problem;
    }
  }
}

function restAfter(attempts: number, { retryAfter }: Problem): number {
  const rest = retryAfter === undefined ? 500 * 2 ** attempts : retryAfter * 1000;
  return Math.min(Math.ceil(rest), LONGEST_REST_MS);
}

function outcomeOf(line: number, problem: Problem | undefined): Outcome {
  if (!problem) return { line, state: 'done' };
  const { slug, message, errors = [] } = problem;
  const places = errors.map(({ pointer, ...fault }) => ({ ...(pointer ? { pointer } : {}), ...fault }));
  return { line, state: 'failed', fault: { code: slug, detail: message, errors: places } };
}
