import { Coding } from './coding.js';
import { choice, code, day, decimal, flag, instant, list, nested, text } from './field.js';
import { JournalLine } from './journal-entry.js';
import { Money } from './money.js';
import { financeContract } from './phi.js';

/** One charge of an encounter: the service, its charge code and its price. */
export class Charge {
  @code('Charge code')
  chargeCode!: string;

  @nested('The clinical code that was charged', () => Coding)
  service!: Coding;

  @text('What is charged')
  description!: string;

  @code('Service line that earns it')
  serviceLine!: string;

  @decimal('Units')
  quantity!: string;

  @nested('Price of one', () => Money)
  price!: Money;

  @nested('Price times units', () => Money)
  amount!: Money;
}

/** One supply of an encounter, in stock units and at cost. */
export class SuppliedItem {
  @code('Item')
  itemId!: string;

  @nested('The code that was scanned or recorded', () => Coding)
  scanned!: Coding;

  @decimal('Quantity in the stock unit')
  quantity!: string;

  @text('Stock unit', { max: 40 })
  unit!: string;

  @text('Lot', { optional: true, max: 40 })
  lot?: string;

  @code('Service line that bears the cost')
  serviceLine!: string;

  @nested('Value at unit cost', () => Money)
  value!: Money;
}

/** Clinician time of an encounter, at cost. */
export class LaborCost {
  @text('Role')
  role!: string;

  @code('Service line')
  serviceLine!: string;

  @code('Cost center')
  costCenter!: string;

  @decimal('Hours')
  hours!: string;

  @nested('Cost', () => Money)
  cost!: Money;
}

/** A document that the encounter left in one of the systems. */
export class DocumentReference {
  @choice('What it is', ['claim', 'stock-adjustment', 'labor-allocation', 'journal-entry'])
  kind!: 'claim' | 'stock-adjustment' | 'labor-allocation' | 'journal-entry';

  @code('Identifier in its system')
  id!: string;

  @code('Number that people know it by')
  number!: string;
}

/** Everything that one encounter became, in codes and amounts. It names no patient. */
@financeContract
export class EncounterFinancials {
  @code('Encounter')
  encounterId!: string;

  @code('Facility')
  facility!: string;

  @code('Region')
  region!: string;

  @code('Legal entity')
  legalEntity!: string;

  @code('Service line of the visit')
  serviceLine!: string;

  @code('Payer')
  payer!: string;

  @day('Day of service')
  serviceDate!: string;

  @day('Accounting date')
  accountingDate!: string;

  @list('Charges', () => Charge)
  charges!: Charge[];

  @list('Supplies', () => SuppliedItem)
  supplies!: SuppliedItem[];

  @list('Labor', () => LaborCost)
  labor!: LaborCost[];

  @list('Lines of the posting', () => JournalLine)
  posting!: JournalLine[];

  @list('Documents in the systems', () => DocumentReference)
  documents!: DocumentReference[];

  @nested('Gross charge', () => Money)
  gross!: Money;

  @nested('Expected revenue', () => Money)
  expected!: Money;

  @nested('Cost of supplies', () => Money)
  supplyCost!: Money;

  @nested('Cost of labor', () => Money)
  laborCost!: Money;
}

/** One conservation law: two amounts from two places that must be equal. */
export class ProofLine {
  @text('The law', { example: 'debits = credits' })
  law!: string;

  @text('Left side', { example: '310.00 USD' })
  left!: string;

  @text('Right side', { example: '310.00 USD' })
  right!: string;

  @flag('Whether it holds')
  holds!: boolean;
}

/** The laws of one encounter, checked on what the systems of record answer now. */
@financeContract
export class BalanceProof {
  @code('Encounter')
  encounterId!: string;

  @flag('Whether every law holds')
  balanced!: boolean;

  @list('The laws', () => ProofLine)
  laws!: ProofLine[];

  @instant('When the systems were asked')
  checkedAt!: string;
}
