import { choice, code, day, formatted, instant } from './field.js';
import { financeContract } from './phi.js';

/** Where a journal entry stands in the books. */
@financeContract
export class PostingStatus {
  @code('Journal entry')
  journalEntry!: string;

  @code('The business document behind it')
  reference!: string;

  @code('Legal entity')
  legalEntity!: string;

  @choice('Status: a draft is in the books of no period yet', ['draft', 'posted', 'reversed'])
  status!: 'draft' | 'posted' | 'reversed';

  @day('Accounting date')
  accountingDate!: string;

  @formatted('Fiscal period', /^[0-9]{4}-(0[1-9]|1[0-2])$/, { example: '2026-11' })
  period!: string;

  @instant('When it was posted', { optional: true })
  postedAt?: string;

  @code('The entry that reversed it', { optional: true })
  reversedBy?: string;
}
