/**
 * Orders go to suppliers as 850 files through an SFTP mailbox; 997, 855, 856, 810, 832 and 846 come back. What lies in our
 * own stores is kept by ourselves, because no X12 set tells it.
 */
import type { OnApplicationShutdown } from '@nestjs/common';
import { configure, type Clock } from '@concord/api';
import { Problem, type SupplierItem, type SupplyOrder } from '@concord/canonical';
import { migrate, type Database } from '@concord/database';
import { log } from '@concord/observability';
import type { FaultInjection } from '@concord/resilience';
import { Mailbox, mailboxMigrations, mailboxSettings, type MailboxHealth } from '@concord/sftp';
import { PURCHASE_ORDER } from '@concord/x12';
import type { Documents } from '../../held/documents.store.js';
import { StoresConnector } from '../../stores/stores.connector.js';
import { AnswerReceiver } from './answer.receiver.js';
import { envelopeOf } from './envelope.js';
import { keepFile, markSent, nextControlNumber, waitingFiles } from './exchange.store.js';
import { x12Migrations } from './migrations.js';
import { orderSet } from './order.mapping.js';
import { partnersOf, type Partners } from './partner.js';
import { SupplierMailbox, X12Config } from './x12.config.js';

export class X12Connector extends StoresConnector implements OnApplicationShutdown {
  private readonly partners: Partners;
  private readonly mailbox: Mailbox;
  private readonly receiver: AnswerReceiver;
  private readonly sendMs: number;
  private polling: { stop: () => Promise<void> } | undefined;
  private sending: Promise<void> | undefined;
  private timer: NodeJS.Timeout | undefined;

  constructor(database: Database, clock: Clock, faults: FaultInjection, environment = process.env) {
    super(database, clock, faults);
    const config = configure(X12Config, environment);
    this.partners = partnersOf(config);
    this.sendMs = config.sendSeconds * 1000;
    this.mailbox = new Mailbox(mailboxSettings('suppliers', configure(SupplierMailbox, environment)), {
      database,
      clock,
    });
    this.receiver = new AnswerReceiver({ documents: this.documents, clock, partners: this.partners });
  }

  override async onModuleInit(): Promise<void> {
    await super.onModuleInit();
    await migrate(this.database, 'sftp', mailboxMigrations);
    await migrate(this.database, 'supply-chain-x12', x12Migrations);
    this.polling = this.mailbox.subscribe((file, tx) => this.receiver.take(file, tx));
    this.timer = setInterval(() => void this.sendWaiting().catch(failed), this.sendMs);
    this.timer.unref();
  }

  async onApplicationShutdown(): Promise<void> {
    clearInterval(this.timer);
    await this.polling?.stop();
    await this.sending?.catch(() => undefined);
    await this.mailbox.close();
  }

  health(): MailboxHealth {
    return this.mailbox.health();
  }

  /** Puts what waits into the mailbox, each file once, also where an earlier try broke off at any point. */
  async sendWaiting(): Promise<void> {
    this.sending ??= this.sendAll().finally(() => (this.sending = undefined));
    await this.sending;
  }

  protected override async send(order: SupplyOrder, documents: Documents): Promise<void> {
    const partner = this.partners.all.find(({ supplier }) => supplier === order.supplier);
    if (!partner) {
      throw new Problem('unknown-code', 'The supplier is no trading partner', {
        context: { supplier: order.supplier },
      });
    }
    const tx = documents.connection;
    const now = this.clock();
    const numbers = {
      interchange: await nextControlNumber(tx, partner.supplier, 'interchange'),
      group: await nextControlNumber(tx, partner.supplier, 'group'),
    };
    const sold = new Map<string, SupplierItem>();
    for (const { itemId } of order.lines) {
      const item = await documents.find('supplier-item', `${order.supplier}:${itemId}`);
      if (item) sold.set(itemId, item);
    }
    const value = orderSet(
      order,
      (id) => this.catalogue.items.get(id),
      (id) => sold.get(id),
    );
    const content = envelopeOf(this.partners, partner, numbers, PURCHASE_ORDER, value, now);
    await keepFile(tx, { partner: partner.supplier, ...numbers, kind: '850', order: order.id, content }, now);
  }

  /** An 860 would tell it, which these partners do not take. */
  protected override async cancel(): Promise<void> {
    throw new Problem('not-supported', 'An order that is on its way is called off by telephone', {
      context: { capability: 'orders.cancel' },
    });
  }

  private async sendAll(): Promise<void> {
    for (const file of await waitingFiles(this.database)) {
      await this.mailbox.put(file.name, file.content);
      await markSent(this.database, file, this.clock());
    }
  }
}

const failed = (error: unknown): void => log.warn('x12.not-sent', { target: 'sftp.suppliers', error });
