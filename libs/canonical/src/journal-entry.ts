import { choice, code, day, instant, list, nested, text } from './field.js';
import { Money } from './money.js';
import { financeContract } from './phi.js';
import { changedAt } from './revision.js';

/** One line of a journal entry: one account, one side. */
export class JournalLine {
  @code('Account of the chart of accounts', { example: '1200' })
  account!: string;

  @code('Cost center', { example: 'CC-NORTH-PRIMARY' })
  costCenter!: string;

  @choice('Debit or credit', ['debit', 'credit'])
  side!: 'debit' | 'credit';

  @nested('Amount, positive', () => Money)
  amount!: Money;

  @text('What the line is for, in business words', { optional: true, example: 'Expected revenue' })
  memo?: string;
}

/** A journal entry to be posted. Debits and credits must be equal, and the period of the date open. */
export class NewJournalEntry {
  @code('Legal entity whose books it goes to', { example: 'LSH' })
  legalEntity!: string;

  @day('Accounting date; its fiscal period must be open', { example: '2026-11-21' })
  accountingDate!: string;

  @code('The business document behind it, for example the encounter', { example: '5a018e7c-5680-4426' })
  reference!: string;

  @text('What it posts, without any name of a person', { example: 'Encounter charges, supplies and labor' })
  description!: string;

  @list('Lines, at least two', () => JournalLine, { min: 2, max: 400 })
  lines!: JournalLine[];
}

/** A posted journal entry. It is never changed: a correction is a reversal and a new entry. */
@financeContract
export class JournalEntry extends NewJournalEntry {
  @code('Identifier')
  id!: string;

  @code('Number in the journal', { example: 'JE-000123' })
  number!: string;

  @choice('Posting status', ['posted', 'reversed'])
  status!: 'posted' | 'reversed';

  @nested('Sum of the debits, equal to the sum of the credits', () => Money)
  total!: Money;

  @code('The entry that this one reverses', { optional: true })
  reverses?: string;

  @code('The entry that reversed this one', { optional: true })
  reversedBy?: string;

  @instant('When it was posted')
  postedAt!: string;

  @changedAt()
  changedAt!: string;
}

/** Why, and on what day, a posted entry is reversed. */
export class NewReversal {
  @text('Reason, without any name of a person', { example: 'Encounter corrected' })
  reason!: string;

  @day('Accounting date of the reversal; today where nothing is said', { optional: true })
  accountingDate?: string;
}
