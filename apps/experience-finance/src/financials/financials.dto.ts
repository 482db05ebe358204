import {
  BalanceProof,
  Charge,
  choice,
  code,
  day,
  DocumentReference,
  flag,
  Freshness,
  instant,
  JournalLine,
  LaborCost,
  list,
  Money,
  nested,
  SuppliedItem,
} from '@concord/canonical';
import { Figures } from '../figures.js';

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
export class Financials {
  @code('Encounter')
  encounterId!: string;

  @choice('Financed, or taken back because the encounter was cancelled', ['financed', 'withdrawn'])
  status!: 'financed' | 'withdrawn';

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

  @instant('When all its documents were in the systems')
  financedAt!: string;

  @instant('When they were taken back', { optional: true })
  withdrawnAt?: string;

  @list('Charges', () => Charge)
  charges!: Charge[];

  @nested('Claim', () => RaisedClaim, { optional: true })
  claim?: RaisedClaim;

  @list('Journal entries', () => PostedEntry)
  journalEntries!: PostedEntry[];

  @list('Supplies, in stock units and at cost', () => SuppliedItem)
  supplies!: SuppliedItem[];

  @list('Clinician time, at cost', () => LaborCost)
  labor!: LaborCost[];

  @list('Documents in the systems', () => DocumentReference)
  documents!: DocumentReference[];

  @nested('Totals', () => Figures)
  totals!: Figures;

  @flag('Whether every law holds in the systems of record, asked now')
  balanced!: boolean;

  @nested('The laws, one by one', () => BalanceProof)
  proof!: BalanceProof;

  @nested('How fresh all but the proof is', () => Freshness)
  freshness!: Freshness;
}
