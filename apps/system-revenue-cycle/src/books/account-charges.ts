import { Problem, times, type AccountCharge, type NewAccountCharge } from '@concord/canonical';
import type { Database } from '@concord/database';
import { Decimal } from 'decimal.js';
import type { Contracts } from './contracts.js';
import { DocumentStore, type Document } from './document.store.js';
import { FACILITIES } from './payers.js';

type Kept = Omit<AccountCharge, 'id' | 'status' | 'postedAt' | 'changedAt'>;

/** What was done for a patient, at the price of the charge master. */
export class AccountCharges {
  readonly documents = new DocumentStore<Kept>('account-charge', 'CHG');

  /** Throws `unknown-code` for a facility or charge code that is not known, `upstream-rejected` for a quantity that is none. */
  async post(
    tx: Database,
    businessKey: string,
    charge: NewAccountCharge,
    contracts: Contracts,
    at: Date,
  ): Promise<AccountCharge> {
    const body = { ...charge, amount: amountOf(charge, contracts) };
    const document = { businessKey, encounterId: charge.encounterId, status: 'posted', body };
    const added = await this.documents.add(tx, document, at);
    return chargeOf(added ?? (await this.documents.ofKey(tx, businessKey))!);
  }

  /** Takes a charge back; one that was taken back is left as it is. Undefined where there is none. */
  async credit(tx: Database, id: string, at: Date): Promise<AccountCharge | undefined> {
    const known = await this.documents.read(tx, id);
    if (!known || known.status === 'credited') return known && chargeOf(known);
    const credited = () => ({ status: 'credited' });
    return chargeOf(await this.documents.change(tx, id, known.revision, credited, at));
  }
}

export const chargeOf = ({ id, body, status, createdAt, changedAt }: Document<Kept>): AccountCharge => ({
  ...body,
  id,
  status: status as AccountCharge['status'],
  postedAt: createdAt,
  changedAt,
});

function amountOf({ facility, chargeCode, quantity }: NewAccountCharge, { chargeItems }: Contracts) {
  const item = chargeItems.get(chargeCode);
  if (!FACILITIES.has(facility)) throw new Problem('unknown-code', 'Facility is not known', { context: { facility } });
  if (!item) throw new Problem('unknown-code', 'Charge code is not known', { context: { chargeCode } });
  if (!new Decimal(quantity).gt(0)) {
    throw new Problem('upstream-rejected', 'Quantity of a charge must be above zero', { context: { chargeCode } });
  }
  return times(item.price, quantity);
}
