import { choice, code, count, formatted, instant, list, text } from './field.js';
import { changedAt, revision } from './revision.js';

/** What could not be used of a file, and where. It quotes nothing of the file, which may name a patient. */
export class ReceivedFileFault {
  @text('Where: envelope numbers, segment and byte', {
    example: 'ISA[000000905]/GS[1]/ST[0001]/segment 12 at byte 1034',
  })
  position!: string;

  @text('What is wrong with it', { max: 400 })
  reason!: string;
}

/** `open`: waits for a person; `worked`: all of it could be used after all; `discarded`: a person gave it up. */
export const RECEIVED_FILE_STATUSES = ['open', 'worked', 'discarded'] as const;

/** A file of a partner that could not be used, or not whole. What could be used of it was. */
export class ReceivedFile {
  @code('Identifier', { example: 'RF-000001' })
  id!: string;

  @code('Partner that sent it')
  partner!: string;

  @formatted('SHA-256 of the file, by which the partner finds it', /^[0-9a-f]{64}$/)
  digest!: string;

  @choice('Status', RECEIVED_FILE_STATUSES)
  status!: (typeof RECEIVED_FILE_STATUSES)[number];

  @list('What could not be used, when it was tried last', () => ReceivedFileFault, { max: 100 })
  faults!: ReceivedFileFault[];

  @count('How often it was tried')
  attempts!: number;

  @text('Why it was discarded', { optional: true })
  discardedBecause?: string;

  @instant('When it came')
  receivedAt!: string;

  @revision()
  revision!: string;

  @changedAt()
  changedAt!: string;
}

/** Why a file is given up. */
export class NewFileDiscard {
  @text('Reason, without any name of a person', { example: 'The clearinghouse sent it again' })
  reason!: string;
}
