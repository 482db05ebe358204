import { setTimeout as pause } from 'node:timers/promises';
import type { OnApplicationShutdown } from '@nestjs/common';
import { configure } from '@concord/api';
import { asProblem } from '@concord/canonical';
import { migrate, type Database } from '@concord/database';
import { log } from '@concord/observability';
import { Mailbox, mailboxMigrations, mailboxSettings, type MailboxHealth, type TakenFile } from '@concord/sftp';
import { BooksConnector, type Surroundings } from '../../books/books.connector.js';
import { adjustmentFile, refusalFile, reportFile } from './adjustment-file.js';
import { AdjustmentMailbox } from './files.config.js';
import { filesMigrations } from './migrations.js';

type FilesTables = {
  'revenue_cycle_files.report': { sequence?: number; name: string; content: Buffer; sent: boolean };
};

const REPORTS_AT_A_TIME = 100;

/**
 * Accounts in our own books whose adjustments come as CSV files over SFTP. Every file is answered with a report: what became
 * of each line, or why nothing of it was taken.
 */
export class FilesConnector extends BooksConnector implements OnApplicationShutdown {
  private readonly mailbox: Mailbox;
  private readonly stopping = new AbortController();
  private polling: { stop: () => Promise<void> } | undefined;
  private reporting: Promise<void> | undefined;

  constructor(around: Surroundings, environment = process.env) {
    super(around);
    const settings = mailboxSettings('adjustments', configure(AdjustmentMailbox, environment));
    this.mailbox = new Mailbox(settings, {
      database: around.database,
      clock: around.clock,
      api: 'system/revenue-cycle',
    });
  }

  override async onModuleInit(): Promise<void> {
    await super.onModuleInit();
    await migrate(this.database, 'sftp', mailboxMigrations);
    await migrate(this.database, 'revenue-cycle-files', filesMigrations);
    this.polling = this.mailbox.subscribe((file, tx) => this.take(file, tx));
    this.reporting = this.report();
  }

  async onApplicationShutdown(): Promise<void> {
    await this.polling?.stop();
    this.stopping.abort();
    await this.reporting;
    await this.mailbox.close();
  }

  health(): MailboxHealth {
    return this.mailbox.health();
  }

  /** Adjustments and their report in one transaction, in which the file counts as taken. */
  private async take({ name, sha256, content }: TakenFile, tx: Database): Promise<void> {
    const report = `${name.replace(/\.csv$/i, '')}-${sha256.slice(0, 12)}.report.csv`;
    await this.tables(tx)
      .insertInto('revenue_cycle_files.report')
      .values({ name: report, content: await this.workedIn(content, tx), sent: false })
      .onConflict((known) => known.doNothing())
      .execute();
  }

  private async workedIn(content: Buffer, tx: Database): Promise<Buffer> {
    try {
      const { batch, faults } = adjustmentFile(content);
      return reportFile(await this.adjusting.enterBatch(tx, batch, this.around.clock(), faults));
    } catch (error) {
      const problem = asProblem(error);
      if (problem.slug === 'internal' || problem.retryable) throw error;
      return refusalFile(problem.message);
    }
  }

  private async report(): Promise<void> {
    const { signal } = this.stopping;
    while (!signal.aborted) {
      await this.deliver().catch((error: unknown) => log.warn('reports.not-sent', { error }));
      await pause(this.mailbox.settings.pollMs, undefined, { signal }).catch(() => undefined);
    }
  }

  private async deliver(): Promise<void> {
    const waiting = await this.tables(this.database)
      .selectFrom('revenue_cycle_files.report')
      .select(['name', 'content'])
      .where('sent', '=', false)
      .orderBy('sequence')
      .limit(REPORTS_AT_A_TIME)
      .execute();
    for (const { name, content } of waiting) {
      await this.mailbox.put(name, content);
      await this.tables(this.database)
        .updateTable('revenue_cycle_files.report')
        .set({ sent: true })
        .where('name', '=', name)
        .execute();
    }
  }

  private tables(db: Database) {
    return db.$extendTables<FilesTables>();
  }
}
