/**
 * Takes what suppliers send: 997, 855, 856, 810, 832 and 846. A file is worked in whole, in the transaction that enters it
 * as taken, and answered with a 997; what is refused is kept with its reasons and changes nothing.
 */
import type { SupplyOrder } from '@concord/canonical';
import type { Clock } from '@concord/api';
import type { Database } from '@concord/database';
import { log } from '@concord/observability';
import type { TakenFile } from '@concord/sftp';
import {
  acknowledgmentOf,
  type Answered,
  type CatalogueItem,
  FUNCTIONAL_ACKNOWLEDGMENT,
  guideOf,
  INVENTORY_ADVICE,
  INVOICE,
  placeOf,
  PRICE_CATALOGUE,
  PURCHASE_ORDER_ACKNOWLEDGMENT,
  readSet,
  readX12,
  SHIP_NOTICE,
  type X12Group,
  type X12Interchange,
  type X12Set,
} from '@concord/x12';
import { sql } from 'kysely';
import type { Documents } from '../../held/documents.store.js';
import { takeAcknowledgment, takeConfirmation, takeShipment } from '../../held/ordering.js';
import { envelopeOf } from './envelope.js';
import { enter, keepFile, nextControlNumber, orderOfGroup } from './exchange.store.js';
import { confirmationOf, dayOf, shipmentsOf } from './order.mapping.js';
import type { Partners, TradingPartner } from './partner.js';

interface Taking {
  readonly tx: Database;
  readonly documents: Documents;
  readonly partner: TradingPartner;
  readonly now: Date;
  readonly control: string;
}

interface Surroundings {
  readonly documents: Documents;
  readonly clock: Clock;
  readonly partners: Partners;
}

/** What could not be tied to a partner is kept under this name. */
const NOBODY = 'unknown';

export class AnswerReceiver {
  constructor(private readonly around: Surroundings) {}

  async take(file: TakenFile, tx: Database): Promise<void> {
    // Strictness is a setting of the partner, who is known once his envelope is read.
    const first = readX12(file.content, { strictness: 'lenient' });
    const partner = this.partnerOf(first.interchanges[0]);
    const { interchanges, faults } = readX12(file.content, { strictness: partner?.strictness ?? 'strict' });
    if (interchanges.length === 0 || faults.length > 0) {
      await this.enter(
        tx,
        file,
        NOBODY,
        `file ${file.sha256.slice(0, 12)}`,
        faults.map(({ position }) => placeOf(position)),
      );
    }
    for (const interchange of interchanges) await this.interchange(interchange, file, tx);
  }

  private async interchange(interchange: X12Interchange, file: TakenFile, tx: Database): Promise<void> {
    const partner = this.partnerOf(interchange);
    const control = interchange.header.controlNumber;
    const faults = interchange.faults.map(({ detail, position }) => `${placeOf(position)}: ${detail}`);
    const ours = interchange.header.receiver === this.around.partners.us.identifier;
    const refused = partner && ours ? faults : [...faults, 'It is not from a partner of ours to us'];
    const entered = await this.enter(tx, file, partner?.supplier ?? NOBODY, control, refused);
    if (entered !== 'new') return log.warn('x12.not-taken', { target: partner?.supplier ?? NOBODY, reason: entered });
    if (!partner || !ours) return;
    const now = this.around.clock();
    const taking: Taking = { tx, documents: this.around.documents.within(tx), partner, now, control };
    for (const group of interchange.groups) await this.group(group, taking);
  }

  private async group(group: X12Group, taking: Taking): Promise<void> {
    const answers: Answered[] = [];
    for (const set of group.sets) {
      const faults = [...(group.refused.get(set) ?? []), ...(group.faults.length > 0 ? group.faults : [])];
      answers.push({ set, faults, findings: faults.length > 0 ? [] : await this.set(set, taking) });
    }
    if (group.header.functionalId === 'FA') return; // an acknowledgment is not acknowledged
    if (!/^\d{1,9}$/.test(group.header.controlNumber)) return; // a group without a number cannot be answered
    const { tx, partner, now } = taking;
    const numbers = {
      interchange: await nextControlNumber(tx, partner.supplier, 'interchange'),
      group: await nextControlNumber(tx, partner.supplier, 'group'),
    };
    const answer = acknowledgmentOf(group, answers);
    const content = envelopeOf(this.around.partners, partner, numbers, FUNCTIONAL_ACKNOWLEDGMENT, answer, now);
    await keepFile(tx, { partner: partner.supplier, ...numbers, kind: '997', content }, now);
  }

  /** What is wrong with a set; where nothing is, it is worked in. */
  private async set(set: X12Set, taking: Taking): Promise<Answered['findings']> {
    const guide = guideOf(set);
    const work = this.works[set.id];
    if (!guide || !work) return [unknownSet(set)];
    const { findings } = readSet(guide, set);
    if (findings.length === 0) await work(set, taking);
    return findings;
  }

  private readonly works: Readonly<Record<string, (set: X12Set, taking: Taking) => Promise<void>>> = {
    '997': async (set, { tx, documents, partner, now }) => {
      const { group, answer } = readSet(FUNCTIONAL_ACKNOWLEDGMENT, set, { level: 0 }).value;
      const order = await orderOfGroup(tx, partner.supplier, Number(group.controlNumber));
      if (order === undefined) return;
      if (answer.code === 'A' || answer.code === 'E') await takeAcknowledgment(documents, order, now.toISOString());
      // Rejected: the order stays unacknowledged and shows up where those are listed.
      else log.warn('x12.order-not-read', { target: partner.supplier });
    },
    '855': async (set, { documents, partner, control }) => {
      const { value } = readSet(PURCHASE_ORDER_ACKNOWLEDGMENT, set, { level: 0 });
      const order = await this.orderOf(documents, partner, value.answer.number);
      if (!order) return;
      const id = `${partner.supplier}:${control}:${set.controlNumber}`;
      await takeConfirmation(documents, id, confirmationOf(value, partner.supplier, order.total.currency));
    },
    '856': async (set, { documents, partner }) => {
      const { value } = readSet(SHIP_NOTICE, set, { level: 0 });
      const orders = new Map<string, SupplyOrder>();
      for (const { order } of value.shipment.orders) {
        const found = await this.orderOf(documents, partner, order?.number ?? '');
        if (found) orders.set(found.number, found);
      }
      for (const notice of shipmentsOf(value, partner.supplier, (number) => orders.get(number)))
        await takeShipment(documents, `${partner.supplier}:${notice.number}:${notice.order}`, notice);
    },
    '810': async (set, { tx, partner }) => {
      const { invoice, total, lines } = readSet(INVOICE, set, { level: 0 }).value;
      await sql`
        insert into supply_chain_x12.invoice (supplier, number, order_id, invoiced_on, total, lines)
        values (${partner.supplier}, ${invoice.number}, ${invoice.order ?? null}, ${dayOf(invoice.date)}::date,
          ${total.total}::numeric / 100, ${JSON.stringify(lines.map(({ line }) => line))}::jsonb)
        on conflict do nothing`.execute(tx);
    },
    '832': async (set, { documents, partner, control }) => {
      const { items = [] } = readSet(PRICE_CATALOGUE, set, { level: 0 }).value;
      for (const [index, item] of items.entries()) {
        await this.catalogueItem(item, `${partner.supplier}:${control}:${index + 1}`, documents, partner);
      }
    },
    '846': async (set, { tx, partner, now }) => {
      const { items = [] } = readSet(INVENTORY_ADVICE, set, { level: 0 }).value;
      for (const { item, quantities = [] } of items) {
        const number = numbered(item.products, 'VN');
        const available = quantities.find(({ quantity }) => quantity.qualifier === '33')?.quantity; // 33 available to sell
        if (!number || !available) continue;
        await sql`
          insert into supply_chain_x12.supplier_stock (supplier, supplier_item_number, available, unit, as_of)
          values (${partner.supplier}, ${number}, ${available.quantity}::numeric, ${available.unit ?? null}, ${now})
          on conflict (supplier, supplier_item_number) do update
          set available = excluded.available, unit = excluded.unit, as_of = excluded.as_of`.execute(tx);
      }
    },
  };

  private async catalogueItem(
    { item, change, descriptions, prices }: CatalogueItem,
    id: string,
    documents: Documents,
    { supplier }: TradingPartner,
  ): Promise<void> {
    const number = numbered(item.products, 'VN');
    if (!number) return;
    const ours = numbered(item.products, 'IN');
    const known = ours ? await documents.find('supplier-item', `${supplier}:${ours}`) : undefined;
    const price = prices?.[0]?.price.price;
    const effective = prices?.[0]?.dates?.find(({ qualifier }) => qualifier === '007')?.date; // DTM 007 effective
    const money = price ? { amount: price, currency: 'USD' } : undefined;
    const kind = CHANGES[change?.code ?? ''] ?? (money ? 'price-changed' : 'changed');
    if (!(await documents.find('catalogue-change', id))) {
      const description = descriptions?.[0]?.text;
      await documents.add('catalogue-change', id, undefined, {
        supplier,
        supplierItemNumber: number,
        itemId: known?.itemId,
        kind,
        description,
        price: money,
        effectiveOn: effective && dayOf(effective),
      });
    }
    if (!known) return;
    const { id: at, revision: _revision, changedAt: _changedAt, ...body } = known;
    await documents.put('supplier-item', at, {
      ...body,
      listPrice: money ?? body.listPrice,
      orderable: kind !== 'discontinued',
    });
  }

  /** An order that went to this supplier; another supplier's order is none of his. */
  private async orderOf(
    documents: Documents,
    { supplier }: TradingPartner,
    number: string,
  ): Promise<SupplyOrder | undefined> {
    const order = await documents.find('order', number);
    if (order?.supplier === supplier) return order;
    log.warn('x12.order-unknown', { target: supplier });
    return undefined;
  }

  private partnerOf(interchange: X12Interchange | undefined): TradingPartner | undefined {
    return this.around.partners.all.find(({ identifier }) => identifier === interchange?.header.sender);
  }

  private enter(tx: Database, file: TakenFile, partner: string, control: string, faults: readonly string[]) {
    return enter(tx, partner, control, file, faults, this.around.clock());
  }
}

/** G5301 in our words. */
const CHANGES: Readonly<Record<string, 'added' | 'changed' | 'discontinued'>> = {
  '001': 'changed',
  '002': 'discontinued',
  '021': 'added',
};

const numbered = (
  products: readonly { qualifier: string; id: string }[] | undefined,
  qualifier: string,
): string | undefined => products?.find((one) => one.qualifier === qualifier)?.id;

const unknownSet = (set: X12Set): Answered['findings'][number] => ({
  level: 1,
  code: 'segment-unknown',
  message: `The transaction set ${set.id} is not taken here`,
  pointer: 'ST-01',
  segment: 1,
  segmentName: 'ST',
  element: 1,
});
