/** What is charged and who pays, in pages. */
import {
  DEFAULT_PAGE_SIZE,
  isChangedSince,
  toPage,
  type ChangesQuery,
  type ChargeItem,
  type Page,
  type Payer,
  type PayerRule,
} from '@concord/canonical';
import { startOfCodes } from '../page-start.js';
import type { ChargeItemQuery, PayerQuery, PayerRuleQuery } from '../queries.js';
import type { Contracts } from './contracts.js';

export function listChargeItems(
  { chargeItems }: Contracts,
  { service_line, ...query }: ChargeItemQuery,
): Page<ChargeItem> {
  const items = [...chargeItems.values()].filter((item) => !service_line || item.serviceLine === service_line);
  return pageBy(({ code }) => code, items, query);
}

export const listPayers = ({ payers }: Contracts, query: PayerQuery): Page<Payer> =>
  pageBy(({ code }) => code, [...payers.values()], query);

export function listPayerRules({ rules }: Contracts, { payer, ...query }: PayerRuleQuery): Page<PayerRule> {
  const asked = [...rules.values()].filter((rule) => !payer || rule.payer === payer);
  const byPayer = asked.sort((a, b) => (a.payer < b.payer ? -1 : 1));
  return pageBy((rule) => rule.payer, byPayer, query);
}

/** A page of entries that are in the order of their codes, of those that were changed since the moment asked for. */
function pageBy<T extends { changedAt: string }>(
  codeOf: (entry: T) => string,
  entries: readonly T[],
  query: ChangesQuery,
): Page<T> {
  const size = query.page_size ?? DEFAULT_PAGE_SIZE;
  const after = startOfCodes(query.page_token) ?? '';
  const asked = entries.filter((entry) => codeOf(entry) > after && isChangedSince(entry, query));
  return toPage(asked.slice(0, size + 1), size, codeOf, (entry) => entry);
}
