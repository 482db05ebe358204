/** The books that Tryton keeps for us, in our words. */
import type { Account, CostCenter, FiscalPeriod, LegalEntity } from '@concord/canonical';
import type { KnownCodes } from '../posting-rules.js';

/** Something of ours, and the id that Tryton gave it. */
export interface Known<T> {
  readonly key: number;
  readonly value: T;
}

export interface KnownAccount extends Known<Account> {
  readonly inIncomeStatement: boolean;
  /** Holds what is owed to suppliers. */
  readonly isPayable: boolean;
  /** May be debited by a supplier's invoice. */
  readonly isInvoiced: boolean;
}

export interface Books {
  readonly company: number;
  readonly currency: number;
  readonly entity: LegalEntity;
  readonly accounts: ReadonlyMap<string, KnownAccount>;
  readonly costCenters: ReadonlyMap<string, Known<CostCenter>>;
  /** The analytic account above all cost centers. */
  readonly costCenterRoot: number;
  /** By first day. */
  readonly periods: readonly Known<FiscalPeriod>[];
}

export interface Structure {
  readonly journalId: number;
  /** Absent where Tryton has none of this code. */
  readonly invoiceJournalId: number | undefined;
  /** What Tryton can do; empty where the user may not see it. */
  readonly modules: ReadonlySet<string>;
  /** By legal entity. */
  readonly books: ReadonlyMap<string, Books>;
  readonly readAt: number;
}

/** Our codes in all books, as the rules for what is bought want them. */
export function knownCodes({ books }: Structure): KnownCodes {
  const all = [...books.values()];
  const merged = <T extends { code: string }>(of: (ledger: Books) => Iterable<Known<T>>) =>
    new Map(all.flatMap((ledger) => [...of(ledger)].map(({ value }) => [value.code, value] as const)));
  return {
    legalEntities: new Map(all.map(({ entity }) => [entity.code, entity])),
    accounts: merged(({ accounts }) => accounts.values()),
    costCenters: merged(({ costCenters }) => costCenters.values()),
  };
}
