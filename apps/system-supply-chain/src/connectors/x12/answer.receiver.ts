/**
 * Takes what suppliers send: 997, 855, 865, 856, 810, 832 and 846. A file is worked in whole, in the transaction that enters it
 * as taken, and answered with a 997; what is refused is kept with its reasons and changes nothing.
 */
import type { Clock } from '@concord/api';
import type { Database } from '@concord/database';
import { log } from '@concord/observability';
import type { TakenFile } from '@concord/sftp';
import {
  acknowledgmentOf,
  type Answered,
  FUNCTIONAL_ACKNOWLEDGMENT,
  guideOf,
  placeOf,
  readSet,
  readX12,
  type X12Group,
  type X12Interchange,
  type X12Set,
} from '@concord/x12';
import type { Documents } from '../../held/documents.store.js';
import type { OrderAnswers } from '../../held/order-answers.js';
import type { SupplyNews } from '../../held/supply-news.js';
import { takeCatalogue, takeInventory } from './catalogue.takers.js';
import { envelopeOf } from './envelope.js';
import { enter, keepFile, nextControlNumber } from './exchange.store.js';
import { takeSupplierInvoice } from './invoice.taker.js';
import { takeAcknowledgment, takeChange, takeConfirmation, takeShipment } from './order.takers.js';
import type { Partners, TradingPartner } from './partner.js';
import type { Take, Taking } from './taking.js';

interface Surroundings {
  readonly documents: Documents;
  readonly answers: OrderAnswers;
  readonly news: SupplyNews;
  readonly clock: Clock;
  readonly partners: Partners;
  readonly itemOf: Taking['itemOf'];
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
    const { news, itemOf, clock } = this.around;
    const documents = this.around.documents.within(tx);
    const answers = this.around.answers.within(documents);
    const taking: Taking = { tx, documents, answers, news, itemOf, partner, now: clock(), control };
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
    const take = TAKERS[set.id];
    if (!guide || !take) return [unknownSet(set)];
    const { findings } = readSet(guide, set);
    if (findings.length === 0) await take(set, taking);
    return findings;
  }

  private partnerOf(interchange: X12Interchange | undefined): TradingPartner | undefined {
    return this.around.partners.all.find(({ identifier }) => identifier === interchange?.header.sender);
  }

  private enter(tx: Database, file: TakenFile, partner: string, control: string, faults: readonly string[]) {
    return enter(tx, partner, control, file, faults, this.around.clock());
  }
}

/** What is done with each set, by ST01. */
const TAKERS: Readonly<Record<string, Take>> = {
  '997': takeAcknowledgment,
  '855': takeConfirmation,
  '865': takeChange,
  '856': takeShipment,
  '810': takeSupplierInvoice,
  '832': takeCatalogue,
  '846': takeInventory,
};

const unknownSet = (set: X12Set): Answered['findings'][number] => ({
  level: 1,
  code: 'segment-unknown',
  message: `The transaction set ${set.id} is not taken here`,
  pointer: 'ST-01',
  segment: 1,
  segmentName: 'ST',
  element: 1,
});
