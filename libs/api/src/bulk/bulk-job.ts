import {
  changedAt,
  ChangesQuery,
  choice,
  code,
  count,
  instant,
  list,
  pageOf,
  PageQuery,
  revision,
  text,
} from '@concord/canonical';

export const JOB_STATUS = ['waiting', 'running', 'cancelling', 'done', 'cancelled'] as const;
export type JobStatus = (typeof JOB_STATUS)[number];

/** Marks an operation whose entries are checked one by one, after its answer. */
export const BULK = 'x-bulk';

/** How many entries one request may bring. */
export const BULK_ITEMS = 10_000;

/** A list of entries that were taken in together and are worked through one by one. One that fails stops no other. */
export class BulkJob {
  @code('Identifier')
  id!: string;

  @code('What the entries are', { example: 'stock-adjustments' })
  resource!: string;

  @choice('How far it is; `done` also where entries failed', JOB_STATUS)
  status!: JobStatus;

  @count('Entries', { max: BULK_ITEMS })
  total!: number;

  @count('Entries that had their effect', { max: BULK_ITEMS })
  done!: number;

  @count('Entries that were refused; why is in the faults of the job', { max: BULK_ITEMS })
  failed!: number;

  @instant('When it was taken in')
  createdAt!: string;

  @instant('When the first entry was begun', { optional: true })
  startedAt?: string;

  @instant('When it will have ended if it goes on as it has; only while it runs', { optional: true })
  estimatedEndAt?: string;

  @instant('When the last entry was through, or the job was cancelled', { optional: true })
  endedAt?: string;

  @revision()
  revision!: string;

  @changedAt()
  changedAt!: string;
}

export const BulkJobPage = pageOf(BulkJob);

/** One fault of an entry. */
export class BulkFaultPlace {
  @text('JSON pointer of the member within the entry (RFC 6901); absent where the whole entry is meant', {
    optional: true,
    max: 1000,
    example: '/lines/0/quantity',
  })
  pointer?: string;

  @text('What is wrong, for programs', { example: 'pattern' })
  code!: string;

  @text('What is wrong, in words', { max: 1000 })
  detail!: string;
}

/** An entry that was refused, and why. The others go on. */
export class BulkFault {
  @count('Which entry of the list that was sent, the first is 1', { min: 1, max: BULK_ITEMS })
  line!: number;

  @code('The problem for programs, as at `/problems`', { example: 'validation-failed' })
  code!: string;

  @text('What happened', { max: 1000 })
  detail!: string;

  @list('Where in the entry', () => BulkFaultPlace, { max: 50 })
  errors!: BulkFaultPlace[];
}

export const BulkFaultPage = pageOf(BulkFault);

export class BulkJobQuery extends ChangesQuery {
  @code('What the entries are', { optional: true, example: 'stock-adjustments' })
  resource?: string;
}

export class BulkFaultQuery extends PageQuery {}
