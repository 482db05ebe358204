import { setTimeout as pause } from 'node:timers/promises';
import {
  asProblem,
  Problem,
  WorkerChanged,
  WorkerHired,
  WorkerTerminated,
  type IdentityAccount,
  type Page,
} from '@concord/canonical';
import type { Database } from '@concord/database';
import { Subscription, type EventLog, type StoredEvent } from '@concord/events';
import { log } from '@concord/observability';
import type { HcmConnector } from '../connector.js';
import { AccountStore, type Claimed } from './account.store.js';
import type { IdentityAccountQuery } from './identity.dto.js';
import { closeLifecycle } from './lifecycle-of-accounts.js';
import { bring } from './provisioning.js';
import type { ScimClient } from './scim.client.js';

export interface ProvisionerParts {
  readonly database: Database;
  readonly events: EventLog;
  readonly hcm: HcmConnector;
  /** None where no identity provider is set: then nobody is brought anywhere. */
  readonly scim: ScimClient | undefined;
  readonly clock: () => Date;
  /** How long one who died over his work keeps it. */
  readonly leaseMs?: number;
}

/** Whoever is at work renews it; a process that died over somebody who has left leaves him in for no longer. */
const LEASE_MS = 10_000;
const POLL_MS = 1000;
const AT_ONCE = 4;
const LONGEST_WAIT_S = 300;
/** Attempts that may fail without a warning each, as while the provider starts; that it is silent is told once, by its breaker. */
const IN_PASSING = 4;

/**
 * Brings every worker of whom there is news to the identity provider. The news is written down in the transaction that
 * takes the event over; from there it is worked off, and repeated until it is done or refused.
 */
export class IdentityProvisioner {
  private readonly accounts: AccountStore;
  private readonly subscription: Subscription;
  private readonly stopping = new AbortController();
  private working: Promise<unknown> | undefined;
  private wake = new AbortController();

  constructor(private readonly parts: ProvisionerParts) {
    const { database, events } = parts;
    this.accounts = new AccountStore(database);
    this.subscription = new Subscription(database, events, {
      name: 'system-hcm:identity:1',
      types: [WorkerHired.type, WorkerChanged.type, WorkerTerminated.type],
      take: (news, tx) => this.take(news, tx),
      taken: () => this.wake.abort(),
    });
  }

  async onModuleInit(): Promise<void> {
    await this.accounts.migrate();
  }

  onApplicationBootstrap(): void {
    const { scim } = this.parts;
    if (!scim) return;
    scim.watch();
    this.subscription.start();
    this.working = Promise.all(Array.from({ length: AT_ONCE }, () => this.work(scim)));
  }

  async onModuleDestroy(): Promise<void> {
    this.stopping.abort();
    if (!this.working) return;
    await this.subscription.stop();
    await this.working;
    await this.parts.scim?.close();
  }

  list(query: IdentityAccountQuery): Promise<Page<IdentityAccount>> {
    return this.accounts.list(query);
  }

  async read(workerId: string): Promise<IdentityAccount> {
    const account = await this.accounts.read(workerId);
    if (!account) throw new Problem('not-found', 'Nothing of this worker was brought to the identity provider');
    return account;
  }

  /** Brings a worker there once more, for example after a person has settled why it was refused. */
  async again(workerId: string): Promise<IdentityAccount> {
    await this.parts.hcm.workers.read(workerId);
    await this.accounts.due(this.parts.database, [workerId], new Set(), this.parts.clock());
    this.wake.abort();
    return this.read(workerId);
  }

  private take(news: readonly StoredEvent[], tx: Database): Promise<void> {
    const left = new Set(news.filter(({ type }) => type === WorkerTerminated.type).map(({ subject }) => subject));
    const workers = news.map(({ subject }) => subject);
    return this.accounts.due(tx, workers, left, this.parts.clock());
  }

  private async work(scim: ScimClient): Promise<void> {
    const { signal } = this.stopping;
    while (!signal.aborted) {
      const claimed = await this.claim();
      if (claimed) await this.attempt(scim, claimed);
      else await this.rest();
    }
  }

  private async claim(): Promise<Claimed | undefined> {
    try {
      return await this.accounts.claim(this.parts.clock(), this.leaseMs);
    } catch (error) {
      log.error('identity.claim-failed', { error });
      return undefined;
    }
  }

  private async attempt(scim: ScimClient, claimed: Claimed): Promise<void> {
    const { hcm, clock } = this.parts;
    const renewing = setInterval(() => {
      this.accounts
        .renew(claimed, clock(), this.leaseMs)
        .catch((error: unknown) => log.warn('identity.not-renewed', { error }));
    }, this.leaseMs / 3);
    try {
      const brought = await bring(scim, hcm, claimed);
      await closeLifecycle(hcm, claimed.workerId);
      await this.accounts.done(claimed, brought, clock());
    } catch (error) {
      const problem = asProblem(error);
      // Whoever is overtaken by others at the provider, again and again, comes back like one that it did not answer.
      const isPassing = problem.retryable || problem.slug === 'stale';
      const again = isPassing ? new Date(clock().getTime() + waitMs(problem, claimed)) : undefined;
      const attempt = claimed.attempts + 1;
      const tell = again && attempt <= IN_PASSING ? log.info : log.warn;
      tell('identity.attempt-failed', { problem: problem.slug, attempt });
      await this.accounts
        .failed(claimed, problem.slug, again, clock())
        .catch((lost: unknown) => log.error('identity.outcome-lost', { error: lost }));
    } finally {
      clearInterval(renewing);
    }
  }

  private get leaseMs(): number {
    return this.parts.leaseMs ?? LEASE_MS;
  }

  private async rest(): Promise<void> {
    if (this.wake.signal.aborted) this.wake = new AbortController();
    const signal = AbortSignal.any([this.stopping.signal, this.wake.signal]);
    await pause(POLL_MS, undefined, { signal }).catch(() => undefined);
  }
}

/** As the provider asks, or longer each time. */
const waitMs = ({ retryAfter }: Problem, { attempts }: Claimed): number =>
  Math.min(Math.max(retryAfter ?? 0, 2 ** attempts), LONGEST_WAIT_S) * 1000;
