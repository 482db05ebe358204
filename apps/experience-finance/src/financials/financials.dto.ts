import {
  BalanceProof,
  choice,
  code,
  day,
  EncounterFinancials,
  flag,
  Freshness,
  instant,
  JournalLine,
  list,
  Money,
  nested,
} from '@concord/canonical';

/** The claim that was raised for an encounter. */
export class RaisedClaim {
  @code('Identifier in the revenue cycle platform')
  id!: string;

  @code('Claim number', { example: 'CLM-000123' })
  number!: string;

  @code('Payer')
  payer!: string;

  @nested('Gross charge', () => Money)
  charge!: Money;

  @nested('What the payer is expected to pay', () => Money)
  expected!: Money;
}

/** The journal entry that was posted for an encounter. */
export class PostedEntry {
  @code('Identifier in the ERP')
  id!: string;

  @code('Number in the journal', { example: 'JE-000123' })
  number!: string;

  @code('Legal entity whose books it is in')
  legalEntity!: string;

  @day('Accounting date')
  accountingDate!: string;

  @list('Lines', () => JournalLine)
  lines!: JournalLine[];
}

/** Everything that one encounter became, and the proof that it balances. */
export class Financials extends EncounterFinancials {
  @choice('Financed, or taken back because the encounter was cancelled', ['financed', 'withdrawn'])
  status!: 'financed' | 'withdrawn';

  @instant('When all its documents were in the systems')
  financedAt!: string;

  @instant('When they were taken back', { optional: true })
  withdrawnAt?: string;

  @nested('Claim', () => RaisedClaim, { optional: true })
  claim?: RaisedClaim;

  @list('Journal entries', () => PostedEntry)
  journalEntries!: PostedEntry[];

  @nested('Expected revenue less supplies and labor', () => Money)
  margin!: Money;

  @flag('Whether every law holds in the systems of record, asked now')
  balanced!: boolean;

  @nested('The laws, one by one', () => BalanceProof)
  proof!: BalanceProof;

  @nested('How fresh all but the proof is', () => Freshness)
  freshness!: Freshness;
}
