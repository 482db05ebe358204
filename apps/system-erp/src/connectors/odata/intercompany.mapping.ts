/** What one legal entity provides to another, out of a record of the service, and back; one field a line. */
import { money } from '@concord/canonical';
import type { IntercompanyTransaction, NewIntercompanyTransaction } from '@concord/canonical';
import type { ForeignRecord, Values } from './odata.records.js';
import { amount, needed, text, tracked, word } from './odata.values.js';

export const toIntercompany = (record: ForeignRecord): IntercompanyTransaction => ({
  id: needed(record.values, 'id'),
  accountingDate: text(record.values, 'accountingDate'),
  reference: text(record.values, 'reference'),
  description: text(record.values, 'description'),
  provider: {
    legalEntity: text(record.values, 'provider'),
    account: text(record.values, 'providerAccount'),
    costCenter: text(record.values, 'providerCostCenter'),
  },
  receiver: {
    legalEntity: text(record.values, 'receiver'),
    account: text(record.values, 'receiverAccount'),
    costCenter: text(record.values, 'receiverCostCenter'),
  },
  amount: amount(record.values, 'amount', text(record.values, 'currency')),
  status: word(record.values, 'status'),
  providerEntry: needed(record.values, 'providerEntry'),
  receiverEntry: needed(record.values, 'receiverEntry'),
  ...tracked(record),
});

export const fromIntercompany = (transaction: NewIntercompanyTransaction): Values => ({
  accountingDate: transaction.accountingDate,
  reference: transaction.reference,
  description: transaction.description,
  provider: transaction.provider.legalEntity,
  providerAccount: transaction.provider.account,
  providerCostCenter: transaction.provider.costCenter,
  receiver: transaction.receiver.legalEntity,
  receiverAccount: transaction.receiver.account,
  receiverCostCenter: transaction.receiver.costCenter,
  amount: money(transaction.amount.amount).amount,
  currency: transaction.amount.currency,
});
