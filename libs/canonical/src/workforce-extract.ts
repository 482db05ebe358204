import { choice, code, count, instant, list, text } from './field.js';
import { changedAt } from './revision.js';

export const EXTRACT_STATUS = ['received', 'applied', 'set-aside'] as const;
export const EXTRACT_REASON = ['unknown-file', 'columns-missing', 'outdated', 'shrinks', 'failed'] as const;

/** What is wrong at a place of a file, without its value. */
export class ExtractFault {
  @text('Where', { example: 'line 17, column 4 (HIRED)' })
  place!: string;

  @code('What kind of fault', { example: 'format' })
  code!: string;

  @text('What is wrong')
  detail!: string;
}

/** A file by which a platform told of the workforce, and what became of it. */
export class WorkforceExtract {
  @code('Identifier')
  id!: string;

  @text('Name of the file', { example: 'workers-20260302.csv' })
  name!: string;

  @code('What it tells of; absent of a file that the profile does not know', { optional: true, example: 'worker' })
  kind?: string;

  @choice(
    '`received`: waits to be worked in; `set-aside`: nothing of it was taken, for the reason told',
    EXTRACT_STATUS,
  )
  status!: (typeof EXTRACT_STATUS)[number];

  @choice('Why it was set aside; what shrinks the workforce can be accepted', EXTRACT_REASON, { optional: true })
  reason?: (typeof EXTRACT_REASON)[number];

  @instant('Of when it tells')
  writtenAt!: string;

  @instant('When it came')
  receivedAt!: string;

  @count('Lines that it has, beside its columns and its trailer')
  lines!: number;

  @count('Records that were new, or said something else than before')
  changed!: number;

  @count('Records that were ended because it does not tell of them any more')
  ended!: number;

  @count('Faults found in it')
  faultCount!: number;

  @list('The first of the faults', () => ExtractFault, { max: 100 })
  faults!: ExtractFault[];

  /** When it came, was last worked at, or was accepted. */
  @changedAt()
  changedAt!: string;
}
