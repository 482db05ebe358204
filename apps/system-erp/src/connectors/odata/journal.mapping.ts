/** A journal entry out of a record of the service, and its lines back; one field a line. */
import { money } from '@concord/canonical';
import type { JournalEntry, JournalLine } from '@concord/canonical';
import type { ForeignRecord, Values } from './odata.records.js';
import { amount, optional, text, word } from './odata.values.js';

export const toJournalEntry = ({ values, lines }: ForeignRecord): JournalEntry => ({
  id: text(values, 'id'),
  number: text(values, 'id'),
  legalEntity: text(values, 'legalEntity'),
  accountingDate: text(values, 'accountingDate'),
  reference: text(values, 'reference'),
  description: text(values, 'description'),
  status: word(values, 'status'),
  total: amount(values, 'total', text(values, 'currency')),
  reverses: optional(values, 'reverses'),
  reversedBy: optional(values, 'reversedBy'),
  postedAt: new Date(text(values, 'postedAt')).toISOString(),
  changedAt: new Date(text(values, 'changedAt')).toISOString(),
  lines: lines.map((line): JournalLine => ({
    account: text(line, 'account'),
    costCenter: text(line, 'costCenter'),
    side: word(line, 'side'),
    amount: amount(line, 'amount', text(line, 'currency')),
    ...(line['memo'] === undefined ? {} : { memo: text(line, 'memo') }),
  })),
});

export const fromJournalLine = ({
  account,
  costCenter,
  side,
  amount: { amount, currency },
  memo,
}: JournalLine): Values => ({
  account,
  costCenter,
  side,
  amount: money(amount, currency).amount,
  currency,
  memo,
});
