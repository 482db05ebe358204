import { randomUUID } from 'node:crypto';
import {
  Problem,
  type NewStockAdjustment,
  type NewSupplyOrder,
  type StockAdjustment,
  type SupplyOrder,
} from '@concord/canonical';
import { portOf, type Capability, type SupplyChainConnector, type SupplyChainPorts } from '../../connector.js';

/** What is there behind a connector under test; what is not said is as in the synthetic health system. */
export interface KnownThings {
  /** A stock location, with all items of the synthetic health system. */
  readonly location: string;
  readonly otherLocation: string;
  /** A lot of which at least ten lie at the location. */
  readonly lot: { readonly itemId: string; readonly unit: string; readonly lot: string };
  /** A day before which all that lies of the lot may not be used any more; absent where no expiry is kept. */
  readonly lotExpiresBefore?: string | undefined;
  /** Locations at which every item is counted. */
  readonly locations: number;
  /** How many adjustments it is given at once. */
  readonly atOnce: number;
}

export interface Subject {
  readonly connector: SupplyChainConnector;
  readonly things?: Partial<KnownThings>;
  /** Waits until the supplier has answered and sent off, where he does not do so at once. */
  readonly answered?: (order: string) => Promise<void>;
  /** Waits until the supplier has answered to a change, where he does not do so at once. */
  readonly changed?: (order: string) => Promise<void>;
  /** Lets the time pass until he has invoiced. */
  readonly invoiced?: () => Promise<unknown>;
}

const SYNTHETIC: KnownThings = {
  location: 'STOCK-EAST',
  otherLocation: 'STOCK-SOUTH',
  lot: { itemId: 'VAC-TDAP', unit: 'syringe', lot: 'L-2027-VAC-TDAP' },
  lotExpiresBefore: '2027-12-31',
  locations: 4,
  atOnce: 40,
};

export const FLU = { itemId: 'VAC-FLU', quantity: '0.1', unit: 'vial', lot: 'L-1' };
export const SUTURES = { itemId: 'SUTURE-KIT', quantity: '2', unit: 'each' };

/** A supply chain under test, with what most tests need first. */
export class UnderTest {
  readonly things: KnownThings;
  readonly location: string;

  constructor(private readonly subject: Subject) {
    this.things = { ...SYNTHETIC, ...subject.things };
    this.location = this.things.location;
  }

  port<Name extends Capability>(name: Name): SupplyChainPorts[Name] {
    return portOf(this.subject.connector, name);
  }

  serves(capability: Capability): boolean {
    return this.subject.connector.ports[capability] !== undefined;
  }

  used(...lines: NewStockAdjustment['lines']): NewStockAdjustment {
    const { location } = this;
    return { location, reference: `encounter-${randomUUID()}`, reason: 'consumption', lines };
  }

  use(...lines: NewStockAdjustment['lines']): Promise<StockAdjustment> {
    return this.port('stock').createStockAdjustment(key(), this.used(...lines));
  }

  async onHand(item_id: string, location = this.location): Promise<number> {
    const { items } = await this.port('stock').listStockLevels({ location, item_id });
    return Number(items[0]?.onHand);
  }

  /** Cases of sutures, from a supplier who has a hundred of everything. */
  order(quantity: string, more: Partial<NewSupplyOrder> = {}): NewSupplyOrder {
    return {
      number: `PO-${randomUUID().slice(0, 8)}`,
      supplier: 'SUP-HARBOR-MEDICAL',
      deliverTo: this.location,
      neededOn: '2026-12-01',
      lines: [{ itemId: 'SUTURE-KIT', quantity, unit: 'case', unitPrice: usd('295.00') }],
      ...more,
    };
  }

  /** An order that its supplier has answered and sent off. */
  async answered(quantity: string, more?: Partial<NewSupplyOrder>): Promise<string> {
    const { id } = await this.port('orders').createOrder(key(), this.order(quantity, more));
    await this.subject.answered?.(id);
    return id;
  }

  /** The order after the supplier has said what he says to a change of it. */
  async changed(order: string): Promise<SupplyOrder> {
    await this.subject.changed?.(order);
    return this.port('orders').readOrder(order);
  }

  async invoiced(): Promise<void> {
    await this.subject.invoiced?.();
  }
}

export const key = () => `conformance/${randomUUID()}`;

export const usd = (amount: string) => ({ amount, currency: 'USD' });

export const hourAfter = (instant: string): string => new Date(Date.parse(instant) + 3_600_000).toISOString();

/** The slug and the context of a refusal. */
export const refusal = (work: Promise<unknown>): Promise<unknown> =>
  work.then(
    () => 'was not refused',
    (error: unknown) => (error instanceof Problem ? { slug: error.slug, context: error.context } : error),
  );

/** Runs the suite of a capability, or, where the connector has none, asserts that it says so. */
export interface CapabilitySuite {
  readonly capability: Capability;
  /** Any operation of the port: what a connector without it refuses. */
  readonly sample: (supplyChain: UnderTest) => Promise<unknown>;
  readonly tests: (supplyChain: () => UnderTest) => void;
}
