import type {
  IntercompanySide,
  IntercompanyTransaction,
  Money,
  NewIntercompanyTransaction,
  NewReversal,
  Page,
} from '@concord/canonical';
import type { Clock } from '@concord/api';
import { Intercompany } from '../../ports/controlling.port.js';
import type { IntercompanyQuery } from '../../queries.js';
import type { KnownCodes } from '../posting-rules.js';
import { checkMoney, unknown, wrong } from '../purchasing-rules.js';
import { changeAsItStands } from './as-it-stands.js';
import { fromIntercompany, toIntercompany } from './intercompany.mapping.js';
import { referenceOf, type MadeOnce } from './made-once.js';
import { pageOfRecords } from './odata.page.js';
import type { Condition, ODataRecords } from './odata.records.js';
import type { ODataLedgerStructure } from './odata.structure.js';

/** One document of the ERP, which itself posts it to both books or to neither: two calls could be torn apart. */
export class ODataIntercompany extends Intercompany {
  constructor(
    private readonly records: ODataRecords,
    private readonly structure: ODataLedgerStructure,
    private readonly madeOnce: MadeOnce,
    private readonly clock: Clock,
  ) {
    super();
  }

  override async createIntercompanyTransaction(
    key: string,
    transaction: NewIntercompanyTransaction,
  ): Promise<IntercompanyTransaction> {
    const businessKey = referenceOf('intercompany transaction', key);
    const make = async () => {
      await this.check(transaction);
      const values = { ...fromIntercompany(transaction), status: 'posted', businessKey };
      return this.records.create('intercompany', values);
    };
    return toIntercompany(await this.madeOnce.record(this.records, 'intercompany', businessKey, make));
  }

  override async readIntercompanyTransaction(id: string): Promise<IntercompanyTransaction> {
    return toIntercompany(await this.records.read('intercompany', id));
  }

  override listIntercompanyTransactions(query: IntercompanyQuery): Promise<Page<IntercompanyTransaction>> {
    const { reference, legal_entity } = query;
    const where: Condition[] = [
      ['reference', 'eq', reference],
      [['provider', 'receiver'], 'eq', legal_entity],
    ];
    return pageOfRecords(this.records, 'intercompany', query, where, toIntercompany);
  }

  override async reverseIntercompanyTransaction(
    _key: string,
    id: string,
    reversal: NewReversal,
  ): Promise<IntercompanyTransaction> {
    const { reason, accountingDate: reversedOn = this.clock().toISOString().slice(0, 10) } = reversal;
    return toIntercompany(
      await changeAsItStands(this.records, 'intercompany', id, (record) =>
        toIntercompany(record).status === 'reversed' ? undefined : { status: 'reversed', reason, reversedOn },
      ),
    );
  }

  /** What neither book would take, with the place; whether the period is open, the ERP says. */
  private async check({ provider, receiver, amount }: NewIntercompanyTransaction): Promise<void> {
    if (provider.legalEntity === receiver.legalEntity)
      throw wrong('/receiver/legalEntity', 'same', 'must be another one than that of the provider');
    await this.structure.check((known) => {
      for (const side of [provider, receiver]) checkSide(side, amount, known);
    });
  }
}

function checkSide(
  { legalEntity, account, costCenter }: IntercompanySide,
  amount: Money,
  { legalEntities, accounts, costCenters }: KnownCodes,
): void {
  const books = legalEntities.get(legalEntity);
  if (!books) throw unknown('Legal entity is not known', { legalEntity });
  if (!accounts.has(account)) throw unknown('Account is not known', { account });
  if (costCenters.get(costCenter)?.legalEntity !== legalEntity)
    throw unknown('Cost center is not one of the legal entity', { costCenter, legalEntity });
  checkMoney(amount, books.currency, '/amount');
}
