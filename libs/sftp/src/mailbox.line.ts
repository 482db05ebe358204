import { Problem } from '@concord/canonical';
import { counter } from '@concord/observability';
import type { Database } from '@concord/database';
import type { Vendor } from '@concord/resilience';
import type Client from 'ssh2-sftp-client';
import { Ledger } from './ledger.store.js';
import type { MailboxSettings } from './mailbox.settings.js';
import { mailboxVendor } from './mailbox.vendor.js';
import { SftpConnection } from './sftp.connection.js';

export interface MailboxSurroundings {
  /** Holds the tables of `mailboxMigrations`. */
  readonly database: Database;
  readonly clock: () => Date;
  /** The API of ours that it stands behind. */
  readonly api?: string;
}

const outcomes = ['taken', 'known', 'failed', 'written', 'there'] as const;
export const files = counter('concord_sftp_files_total', 'Files taken from mailboxes and put there', {
  outcome: outcomes,
});

/** What taking and putting share: one connection, its guard, and the memory of what was taken and put. */
export class MailboxLine {
  readonly connection: SftpConnection;
  readonly vendor: Vendor;
  readonly ledger: Ledger;

  constructor(
    readonly settings: MailboxSettings,
    readonly surroundings: MailboxSurroundings,
  ) {
    this.connection = new SftpConnection(settings, surroundings.clock);
    this.vendor = mailboxVendor(settings, surroundings.clock, surroundings.api);
    this.ledger = new Ledger(surroundings.database, settings.partner, settings.hashNames);
  }

  use<T>(capability: string, call: (client: Client) => Promise<T>): Promise<T> {
    return this.vendor.run(capability, () => this.connection.use(call));
  }

  /** What is tried again in a moment. */
  notNow(detail: string): Problem {
    const context = { partner: this.settings.partner };
    return new Problem('upstream-unavailable', detail, { context, retryAfter: 5 });
  }

  close(): Promise<void> {
    this.vendor.close();
    return this.connection.close();
  }
}
