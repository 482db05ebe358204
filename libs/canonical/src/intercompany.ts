import { choice, code, day, nested, text } from './field.js';
import { Money } from './money.js';
import { changedAt, revision } from './revision.js';

/** Where one side of an intercompany transaction goes in the books of its legal entity. */
export class IntercompanySide {
  @code('Legal entity')
  legalEntity!: string;

  @code('Account')
  account!: string;

  @code('Cost center')
  costCenter!: string;
}

/** A legal entity provides something to another one of the same owner. */
export class NewIntercompanyTransaction {
  @day('Accounting date; its fiscal period must be open in both books')
  accountingDate!: string;

  @code('The business document behind it')
  reference!: string;

  @text('What is provided, without any name of a person', { example: 'Laboratory services, November' })
  description!: string;

  @nested('Who provides; its account is credited', () => IntercompanySide)
  provider!: IntercompanySide;

  @nested('Who receives; its account is debited', () => IntercompanySide)
  receiver!: IntercompanySide;

  @nested('Amount, positive', () => Money)
  amount!: Money;
}

/** Both books balance by themselves: what one is owed, the other owes. */
export class IntercompanyTransaction extends NewIntercompanyTransaction {
  @code('Identifier', { example: 'IC-000001' })
  id!: string;

  @choice('Status', ['posted', 'reversed'])
  status!: 'posted' | 'reversed';

  @code('Journal entry in the books of the provider')
  providerEntry!: string;

  @code('Journal entry in the books of the receiver')
  receiverEntry!: string;

  @revision()
  revision!: string;

  @changedAt()
  changedAt!: string;
}
