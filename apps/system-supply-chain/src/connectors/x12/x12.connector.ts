/**
 * Orders go to suppliers as 850 files through an SFTP mailbox, and as 860 to change or cancel them; 997, 855, 865, 856,
 * 810, 832 and 846 come back. What lies in our own stores is kept by ourselves, because no X12 set tells it.
 */
import type { OnApplicationShutdown } from '@nestjs/common';
import { configure } from '@concord/api';
import { Problem, type SupplierItem, type SupplyOrder } from '@concord/canonical';
import { migrate } from '@concord/database';
import { log } from '@concord/observability';
import { Mailbox, mailboxMigrations, mailboxSettings, type MailboxHealth } from '@concord/sftp';
import { type Guide, PURCHASE_ORDER, PURCHASE_ORDER_CHANGE } from '@concord/x12';
import type { Documents } from '../../held/documents.store.js';
import { StoresConnector, type StoresSurroundings } from '../../stores/stores.connector.js';
import { AnswerReceiver } from './answer.receiver.js';
import { cancellationSet, changeSet } from './change.mapping.js';
import { envelopeOf } from './envelope.js';
import { keepFile, markSent, nextControlNumber, waitingFiles, type NewFile } from './exchange.store.js';
import { x12Migrations } from './migrations.js';
import { orderSet } from './order.mapping.js';
import { partnersOf, type Partners, type TradingPartner } from './partner.js';
import { SupplierMailbox, X12Config } from './x12.config.js';

export class X12Connector extends StoresConnector implements OnApplicationShutdown {
  private readonly partners: Partners;
  private readonly mailbox: Mailbox;
  private readonly receiver: AnswerReceiver;
  private readonly sendMs: number;
  private polling: { stop: () => Promise<void> } | undefined;
  private sending: Promise<void> | undefined;
  private timer: NodeJS.Timeout | undefined;

  constructor(around: StoresSurroundings, environment = process.env) {
    super(around);
    const { database, clock } = around;
    const config = configure(X12Config, environment);
    this.partners = partnersOf(config);
    this.sendMs = config.sendSeconds * 1000;
    this.mailbox = new Mailbox(mailboxSettings('suppliers', configure(SupplierMailbox, environment)), {
      database,
      clock,
      api: 'system/supply-chain',
    });
    const { documents, answers, news, partners } = this;
    const itemOf = (id: string) => this.catalogue.items.get(id);
    this.receiver = new AnswerReceiver({ documents, answers, news, clock, partners, itemOf });
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
    const sold = await this.soldAs(order, documents);
    const set = orderSet(
      order,
      (id) => this.catalogue.items.get(id),
      (id) => sold.get(id),
    );
    const file = { kind: '850', about: 'order', order: order.id } as const;
    await this.write(file, PURCHASE_ORDER, set, this.partnerOf(order), documents);
  }

  protected override cancel(order: SupplyOrder, documents: Documents): Promise<'asked'> {
    return this.ask('cancellation', cancellationSet, order, documents);
  }

  protected override change(order: SupplyOrder, documents: Documents): Promise<'asked'> {
    return this.ask('change', changeSet, order, documents);
  }

  /** An 860 asks for it and an 865 answers, where the supplier takes them. */
  private async ask(
    about: 'change' | 'cancellation',
    setOf: typeof changeSet,
    order: SupplyOrder,
    documents: Documents,
  ): Promise<'asked'> {
    const partner = this.partnerOf(order);
    if (!partner.takesChanges) {
      throw new Problem('not-supported', 'This supplier takes no 860: call him by telephone', {
        context: { capability: `orders.${about}` },
      });
    }
    const sold = await this.soldAs({ ...order, lines: [...order.lines, ...(order.change?.lines ?? [])] }, documents);
    const set = setOf(order, (id) => sold.get(id), this.clock());
    await this.write({ kind: '860', about, order: order.id }, PURCHASE_ORDER_CHANGE, set, partner, documents);
    return 'asked';
  }

  private partnerOf({ supplier }: SupplyOrder): TradingPartner {
    const partner = this.partners.all.find((one) => one.supplier === supplier);
    if (partner) return partner;
    throw new Problem('unknown-code', 'The supplier is no trading partner', { context: { supplier } });
  }

  private async soldAs(
    { supplier, lines }: Pick<SupplyOrder, 'supplier'> & { lines: readonly { itemId: string }[] },
    documents: Documents,
  ): Promise<Map<string, SupplierItem>> {
    const sold = new Map<string, SupplierItem>();
    for (const { itemId } of lines) {
      const item = await documents.find('supplier-item', `${supplier}:${itemId}`);
      if (item) sold.set(itemId, item);
    }
    return sold;
  }

  /** Writes a file and keeps it under its control numbers; it leaves after the transaction. */
  private async write<V>(
    file: Pick<NewFile, 'kind' | 'about' | 'order'>,
    guide: Guide<V>,
    set: V,
    partner: TradingPartner,
    documents: Documents,
  ): Promise<void> {
    const tx = documents.connection;
    const now = this.clock();
    const numbers = {
      interchange: await nextControlNumber(tx, partner.supplier, 'interchange'),
      group: await nextControlNumber(tx, partner.supplier, 'group'),
    };
    const content = envelopeOf(this.partners, partner, numbers, guide, set, now);
    await keepFile(tx, { partner: partner.supplier, ...numbers, ...file, content }, now);
  }

  private async sendAll(): Promise<void> {
    for (const file of await waitingFiles(this.database)) {
      await this.mailbox.put(file.name, file.content);
      await markSent(this.database, file, this.clock());
    }
  }
}

const failed = (error: unknown): void => log.warn('x12.not-sent', { target: 'sftp.suppliers', error });
