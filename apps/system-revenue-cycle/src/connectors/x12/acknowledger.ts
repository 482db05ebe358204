import type { Database } from '@concord/database';
import type { Vault } from '@concord/events';
import {
  acknowledgmentOf,
  IMPLEMENTATION_ACKNOWLEDGMENT,
  writeSet,
  writeX12,
  type Answered,
  type X12Group,
} from '@concord/x12';
import type { ExchangeStore } from './exchange.store.js';
import { groupHeaderOf, interchangeHeaderOf, type TradingPartner } from './partner.js';

export interface Acknowledging {
  readonly exchange: ExchangeStore;
  readonly partner: TradingPartner;
  readonly vault: Vault;
  readonly clock: () => Date;
}

/** A group without a number cannot be answered. */
const NUMBER = /^\d{1,9}$/;

/** Answers a group with a 999, which is written under its own control numbers and leaves with the next files. */
export const acknowledger =
  ({ exchange, partner, vault, clock }: Acknowledging) =>
  async (tx: Database, group: X12Group, answers: readonly Answered[]): Promise<void> => {
    if (!NUMBER.test(group.header.controlNumber)) return;
    const at = clock();
    const interchange = await exchange.next(tx, 'interchange');
    const header = groupHeaderOf(partner, IMPLEMENTATION_ACKNOWLEDGMENT, await exchange.next(tx, 'group'), at);
    const sets = [writeSet(IMPLEMENTATION_ACKNOWLEDGMENT, '0001', acknowledgmentOf(group, answers))];
    const file = writeX12([{ header: interchangeHeaderOf(partner, interchange, at), groups: [{ header, sets }] }], {
      delimiters: partner.delimiters,
    });
    const name = `999-${partner.name}-${String(interchange).padStart(9, '0')}.x12`;
    await exchange.keepFile(tx, { interchange, name, content: vault.seal(file, name) }, [], at);
  };
