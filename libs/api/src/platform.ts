import { Global, Module, type DynamicModule, type Provider } from '@nestjs/common';
import { AuditNotes, AuditTrail } from '@concord/audit';
import type { Database } from '@concord/database';
import { EventLog, Vault } from '@concord/events';
import type { PolicySettings } from '@concord/policy';
import { BulkJobs } from './bulk/bulk-jobs.js';
import { apiId, type ApiDefinition } from './definition.js';
import { Receipts } from './receipts.js';
import { Transports } from './transports.js';

/** Provider token of the database connection. */
export const DATABASE = Symbol('concord:database');

/** Provider token of the clock, so that tests hold time in the hand. */
export const CLOCK = Symbol('concord:clock');
export type Clock = () => Date;

/** What every API stands on; made once for a process by its host. */
export interface Platform {
  readonly database: Database;
  readonly audit: AuditTrail;
  /** How far the audit trail went, noted outside of the database. */
  readonly auditNotes: AuditNotes;
  readonly events: EventLog;
  readonly vault: Vault;
  readonly receipts: Receipts;
  readonly transports: Transports;
  readonly clock: Clock;
  /** Settings of the policies, the audience aside, which is each API's own address. */
  readonly policy: Omit<PolicySettings, 'audience'>;
  /** Base of all audiences and addresses, for example `http://127.0.0.1:8080`. */
  readonly publicUrl: string;
  /** Milliseconds until a caller waits no longer for a handler; 30,000 where nothing is said. */
  readonly handlerTimeoutMs?: number;
  /** Milliseconds until the entries of a bulk job are taken over from a process that is gone; 10,000. */
  readonly bulkLeaseMs?: number;
  /** Further providers that APIs of this host need, for example the workflow engine. */
  readonly parts: readonly Provider[];
}

/** Longer than anything behind takes to answer. */
const HANDLER_TIMEOUT_MS = 30_000;
/** How long the entries of a process that is gone wait for another. */
const LEASE_MS = 10_000;

const bulkJobsOf = (platform: Platform, definition: ApiDefinition): BulkJobs =>
  new BulkJobs({
    api: apiId(definition),
    database: platform.database,
    vault: platform.vault, // also of finance: a worker has a private life, too
    itemTimeoutMs: platform.handlerTimeoutMs ?? HANDLER_TIMEOUT_MS,
    leaseMs: platform.bulkLeaseMs ?? LEASE_MS,
  });

@Global()
@Module({})
export class PlatformModule {
  static of(platform: Platform, definition: ApiDefinition): DynamicModule {
    const providers: Provider[] = [
      { provide: DATABASE, useValue: platform.database },
      { provide: CLOCK, useValue: platform.clock },
      { provide: AuditTrail, useValue: platform.audit },
      { provide: AuditNotes, useValue: platform.auditNotes },
      { provide: EventLog, useValue: platform.events },
      { provide: Vault, useValue: platform.vault },
      { provide: Receipts, useValue: platform.receipts },
      { provide: Transports, useValue: platform.transports },
      { provide: BulkJobs, useFactory: () => bulkJobsOf(platform, definition) },
      ...platform.parts,
    ];
    return { module: PlatformModule, providers, exports: providers };
  }
}
