import { expect } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import {
  Problem,
  type JournalEntry,
  type JournalLine,
  type NewPurchaseOrder,
  type NewRequisition,
  type PurchaseOrder,
  type Supplier,
} from '@concord/canonical';
import { portOf, type Capability, type ErpConnector, type ErpPorts } from '../../connector.js';

/** The codes of an ERP under test; what is not said is as in the synthetic health system. */
export interface KnownCodes {
  readonly legalEntity: string;
  readonly costCenter: string;
  readonly otherCostCenter: string;
  /** May approve any amount. */
  readonly approver: string;
  readonly location: string;
  /** A stocked item, its unit, and the account that its receipt debits. */
  readonly item: string;
  readonly unit: string;
  readonly inventoryAccount: string;
  readonly expenseAccount: string;
  /** A cost center of another legal entity. */
  readonly elsewhere: { readonly legalEntity: string; readonly costCenter: string };
}

export type ChangeOperation = 'changeSupplier' | 'changePurchaseOrder' | 'changeRequisition';

export interface Subject {
  readonly connector: ErpConnector;
  /** A day in an open period of every legal entity. */
  readonly today: string;
  /** A day in a period that is closed. */
  readonly longAgo: string;
  readonly codes?: Partial<KnownCodes>;
  /** Loses the reply to the next change of a port; where it is not given, replies cannot be lost here. */
  readonly loseReply?: (operation: ChangeOperation) => void;
  /** How many call at once at most where a test is about many; as many as the test likes where nothing is said. */
  readonly callers?: number;
}

/** What many callers get who ask the same, or each his own, at once. */
export const atOnce = <T>(many: number, { callers = many }: Pick<Subject, 'callers'>, ask: (n: number) => Promise<T>) =>
  Promise.all(Array.from({ length: Math.min(many, callers) }, (_, n) => ask(n)));

/** What of a line is not as in any order. */
type OrderedLine = Partial<NewPurchaseOrder['lines'][number]>;

const SYNTHETIC: KnownCodes = {
  legalEntity: 'LSH',
  costCenter: 'CC-NORTH-PRIMARY-CARE',
  otherCostCenter: 'CC-NORTH-EMERGENCY',
  approver: 'W-2003',
  location: 'STOCK-NORTH',
  item: 'SUTURE-KIT',
  unit: 'each',
  inventoryAccount: '1400',
  expenseAccount: '6000',
  elsewhere: { legalEntity: 'LSP', costCenter: 'CC-EAST-SURGERY' },
};

type WishedLine = Partial<NewRequisition['lines'][number]>;

/** An ERP under test, with what most tests need first. */
export class UnderTest {
  readonly codes: KnownCodes;
  readonly today: string;
  readonly longAgo: string;
  private readonly connector: ErpConnector;
  private readonly callers: number | undefined;
  private readonly loseReply: Subject['loseReply'];
  private seller: Promise<Supplier> | undefined;

  constructor({ connector, today, longAgo, codes, callers, loseReply }: Subject) {
    this.loseReply = loseReply;
    this.callers = callers;
    this.connector = connector;
    this.today = today;
    this.longAgo = longAgo;
    this.codes = { ...SYNTHETIC, ...codes };
  }

  port<Name extends Capability>(name: Name): ErpPorts[Name] {
    return portOf(this.connector, name);
  }

  serves(capability: Capability): boolean {
    return this.connector.ports[capability] !== undefined;
  }

  /** What many callers get at once. */
  atOnce<T>(many: number, ask: (n: number) => Promise<T>): Promise<T[]> {
    return atOnce(many, { callers: this.callers }, ask);
  }

  supplier(taxId?: string, name = `Conformance ${randomUUID().slice(0, 8)}`) {
    return this.port('suppliers').createSupplier(key(), { name, taxId, currency: 'USD', paymentDays: 30 });
  }

  /** Ten of a stocked item at 12.00 each, unless a test says otherwise; from a supplier that the tests share. */
  async newOrder(lines: OrderedLine[] = [{}], from?: Supplier): Promise<NewPurchaseOrder> {
    const { legalEntity, costCenter, location: deliverTo, item, unit, inventoryAccount: account } = this.codes;
    const ordinary = {
      item,
      description: 'Conformance item',
      quantity: '10',
      unit,
      unitPrice: usd('12.00'),
      account,
      costCenter,
    };
    this.seller ??= this.supplier();
    const { id: supplier } = from ?? (await this.seller);
    return {
      legalEntity,
      supplier,
      deliverTo,
      neededOn: this.today,
      lines: lines.map((line) => ({ ...ordinary, ...line })),
    };
  }

  /** Two of something in words at 149.50 each, unless a test says otherwise. */
  newRequisition(lines: WishedLine[] = [{}]): NewRequisition {
    const { legalEntity, costCenter, expenseAccount: account } = this.codes;
    const ordinary = {
      description: 'Label printer',
      quantity: '2',
      unit: 'each',
      unitPrice: usd('149.50'),
      account,
      costCenter,
    };
    const about = { legalEntity, requester: 'W-1001', neededOn: this.today };
    return { ...about, lines: lines.map((line) => ({ ...ordinary, ...line })) };
  }

  /** An order that its supplier has got. */
  async sentOrder(lines?: OrderedLine[], from?: Supplier): Promise<PurchaseOrder> {
    const orders = this.port('purchaseOrders');
    const { id } = await orders.createPurchaseOrder(key(), await this.newOrder(lines, from));
    await orders.stepPurchaseOrder(id, 'submit');
    await orders.stepPurchaseOrder(id, 'approve', { approver: this.codes.approver });
    return orders.stepPurchaseOrder(id, 'send');
  }

  /** A posted entry, which must balance. */
  async balanced(id: string | undefined): Promise<JournalEntry> {
    const entry = await this.port('journal').readJournalEntry(id ?? 'none');
    const sum = (side: JournalLine['side']) =>
      entry.lines.reduce(
        (cents, line) => cents + (line.side === side ? Math.round(Number(line.amount.amount) * 100) : 0),
        0,
      );
    if (sum('debit') !== sum('credit')) throw new Error(`${entry.number} does not balance`);
    return entry;
  }

  /**
   * That a change whose reply is lost is found done when it is repeated under its key, and by nobody else. `change` is one
   * change of one revision, under a key; `other` changes something else.
   */
  async isFoundDone<T extends { revision: string }>(
    operation: ChangeOperation,
    change: (businessKey: string) => Promise<T>,
    read: () => Promise<T>,
    other: (revision: string) => Promise<T>,
  ): Promise<void> {
    if (!this.loseReply) return;
    const businessKey = key();
    this.loseReply(operation);
    await expect(change(businessKey)).rejects.toMatchObject({ retryable: true });
    const done = await read();
    expect(await change(businessKey)).toEqual(done);
    expect(await read()).toEqual(done);
    expect(await refusal(change(key()))).toMatchObject({ slug: 'stale' });
    const byOthers = await other(done.revision);
    expect(await refusal(change(businessKey))).toMatchObject({ slug: 'stale' });
    expect(await read()).toEqual(byOthers);
  }

  /** That the journal refuses to reverse the entry of a document, names the document, and leaves the entry as it was. */
  async isNotReversedAlone(id: string | undefined, document: Readonly<Record<string, string>>): Promise<void> {
    const journalEntry = id ?? 'none';
    const journal = this.port('journal');
    const reversing = journal.reverseJournalEntry(key(), journalEntry, { reason: 'Half' });
    expect(await refusal(reversing)).toEqual({ slug: 'conflict', context: { journalEntry, ...document } });
    expect((await journal.readJournalEntry(journalEntry)).status).toBe('posted');
  }
}

export const key = () => `conformance/${randomUUID()}`;

export const usd = (amount: string) => ({ amount, currency: 'USD' });

/** The slug and the context of a refusal. */
export const refusal = (work: Promise<unknown>): Promise<unknown> =>
  work.then(
    () => 'was not refused',
    (error: unknown) => (error instanceof Problem ? { slug: error.slug, context: error.context } : error),
  );

/** Runs the suite of a capability, or, where the ERP has none, asserts that it says so. */
export interface CapabilitySuite {
  readonly capability: Capability;
  /** Any operation of the port: what an ERP without it refuses. */
  readonly sample: (erp: UnderTest) => Promise<unknown>;
  readonly tests: (erp: () => UnderTest) => void;
}
