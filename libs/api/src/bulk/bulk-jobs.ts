import type { OnModuleDestroy } from '@nestjs/common';
import {
  DEFAULT_PAGE_SIZE,
  isText,
  pagePosition,
  Problem,
  toPage,
  type Page,
  type ProblemFault,
} from '@concord/canonical';
import type { Database } from '@concord/database';
import type { Vault } from '@concord/events';
import { currentContext, newCorrelationId } from '@concord/observability';
import { BULK_ITEMS } from './bulk-job.js';
import type { BulkFault, BulkFaultQuery, BulkJob, BulkJobQuery, JobStatus } from './bulk-job.js';
import { JobStore, placeOf, type JobRow } from './job.store.js';
import { JobWorker, type Work } from './job.worker.js';

interface Parts {
  readonly api: string;
  readonly database: Database;
  /** Seals what was sent, where it may hold PHI. */
  readonly vault: Vault | undefined;
  /** How long an entry may take, and how long a worker that is gone is waited for. */
  readonly itemTimeoutMs: number;
  readonly leaseMs: number;
}

/** Jobs that one client may have unfinished at one API. */
const UNFINISHED = 20;

/**
 * The bulk jobs of one API. A job is durable before it is answered; its entries are worked through in batches, each
 * under the business key `<job>/<line>`, so that after a crash an entry whose reply was lost is found again instead of
 * repeated.
 */
export class BulkJobs implements OnModuleDestroy {
  private readonly store: JobStore;
  private readonly kinds = new Map<string, { readonly operation: string; readonly work: Work }>();
  private worker: JobWorker | undefined;

  constructor(private readonly parts: Parts) {
    this.store = new JobStore(parts.database, parts.api);
  }

  /** How entries of a resource are worked at; its contract is that of the operation that takes them. */
  register(resource: string, operation: string, work: Work): void {
    this.kinds.set(resource, { operation, work });
  }

  /** Begins to work, once the API can answer. */
  start(faultsOf: (operation: string, entry: unknown) => readonly ProblemFault[]): void {
    if (!this.kinds.size) return;
    const kinds = new Map(
      [...this.kinds].map(([resource, { operation, work }]) => [
        resource,
        { work, faultsOf: (entry: unknown) => faultsOf(operation, entry) },
      ]),
    );
    this.worker = new JobWorker({ ...this.parts, store: this.store, kinds });
    this.worker.start();
  }

  async onModuleDestroy(): Promise<void> {
    await this.worker?.stop();
  }

  /** Throws `rate-limited` where the client has too many unfinished jobs. The same business key gives the same job. */
  async accept(client: string, businessKey: string, resource: string, items: readonly unknown[]): Promise<BulkJob> {
    if ((await this.store.unfinishedOf(client)) >= UNFINISHED) {
      throw new Problem('rate-limited', `There are ${UNFINISHED} unfinished jobs already`, { retryAfter: 30 });
    }
    const id = newCorrelationId();
    const { vault } = this.parts;
    const entries = items.map((item, i) => {
      const text = JSON.stringify(item);
      return vault ? vault.seal(text, placeOf(id, i + 1)) : Buffer.from(text);
    });
    const correlationId = currentContext()?.correlationId ?? id;
    const accepted = await this.store.add({ id, resource, client, businessKey, correlationId, entries });
    this.worker?.wake();
    return this.read(client, accepted);
  }

  /** Throws `not-found`, also for the job of another client. */
  async read(client: string, id: string): Promise<BulkJob> {
    const row = await this.store.read(id, client);
    if (!row) throw new Problem('not-found', 'There is no such job');
    return jobOf(row);
  }

  /** The client's own, the newest first. */
  async list(client: string, query: BulkJobQuery): Promise<Page<BulkJob>> {
    const { page_size = DEFAULT_PAGE_SIZE, page_token, resource, changed_since: changedSince } = query;
    const before = pagePosition<string>(page_token, isText);
    const rows = await this.store.list({ client, resource, changedSince, before, limit: page_size + 1 });
    return toPage(rows, page_size, ({ id }) => id, jobOf);
  }

  /** The entries that were refused, in the order in which they were sent. Throws `not-found`. */
  async faults(client: string, id: string, query: BulkFaultQuery): Promise<Page<BulkFault>> {
    await this.read(client, id);
    const { page_size = DEFAULT_PAGE_SIZE, page_token } = query;
    const after = pagePosition<number>(page_token, isLine) ?? 0;
    const rows = await this.store.faults(id, after, page_size + 1);
    return toPage(
      rows,
      page_size,
      ({ line }) => line,
      ({ line, fault }) => ({ line, ...fault }),
    );
  }

  /** Nothing more of it is begun. What was done stays done. Throws `not-found`. */
  async cancel(client: string, id: string): Promise<BulkJob> {
    await this.read(client, id);
    await this.store.cancel(id);
    this.worker?.wake();
    return this.read(client, id);
  }
}

const isLine = (value: unknown): boolean => Number.isSafeInteger(value) && Math.abs(value as number) <= BULK_ITEMS;

function statusOf({ started_at, cancelled_at, ended_at }: JobRow): JobStatus {
  if (cancelled_at) return ended_at ? 'cancelled' : 'cancelling';
  if (ended_at) return 'done';
  return started_at ? 'running' : 'waiting';
}

function jobOf(row: JobRow): BulkJob {
  const { id, resource, total, done, failed, started_at, created_at, changed_at, ended_at, now } = row;
  const status = statusOf(row);
  const through = done + failed;
  const pace = started_at && through ? (now.getTime() - started_at.getTime()) / through : undefined;
  return {
    id,
    resource,
    status,
    total,
    done,
    failed,
    createdAt: created_at.toISOString(),
    startedAt: started_at?.toISOString(),
    estimatedEndAt:
      status === 'running' && pace !== undefined
        ? new Date(now.getTime() + pace * (total - through)).toISOString()
        : undefined,
    endedAt: ended_at?.toISOString(),
    revision: `${status}-${through}`,
    changedAt: changed_at.toISOString(),
  };
}
