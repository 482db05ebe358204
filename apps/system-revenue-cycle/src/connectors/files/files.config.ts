import { mailboxConfig } from '@concord/sftp';

/** Where files of adjustments come from and reports go to. */
export const AdjustmentMailbox = mailboxConfig('ADJUSTMENTS', 'the sender of batch adjustments');
