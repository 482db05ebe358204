/**
 * Makes in Tryton what Concord needs there and what is missing: companies with a chart, accounts, fiscal years with their
 * months, cost centers and a journal. What is there stays as it is, so that it can be run again at any time; an operator
 * runs it when an ERP is bound, and when the chart has grown. Its user needs the right to administer accounting.
 */
import type { Account, CostCenter, LegalEntity } from '@concord/canonical';
import type { TrytonRecords } from '@concord/tryton';
import type { BooksToPrepare } from './books-to-prepare.js';
import { prepareAccounts, prepareChart } from './prepare-accounts.js';
import { prepareCompany } from './prepare-company.js';
import { prepareCostCenters } from './prepare-cost-centers.js';
import { prepareJournal } from './prepare-journal.js';
import { prepareYear } from './prepare-year.js';
import type { Binding } from './tryton-erp.config.js';

/** What is to be there, in canonical words, as the lists of an ERP API answer it. */
export interface ReferenceChart {
  readonly legalEntities: readonly LegalEntity[];
  readonly accounts: readonly Account[];
  readonly costCenters: readonly CostCenter[];
  /** Calendar years of which the months are fiscal periods, for example 2026. */
  readonly years: readonly number[];
}

/** Tells what was made, one sentence each; none where all was there. */
export async function prepareTryton(tryton: TrytonRecords, binding: Binding, chart: ReferenceChart): Promise<string[]> {
  const made: string[] = [];
  for (const entity of chart.legalEntities) {
    const partyCode = binding.legalEntities.get(entity.code);
    if (partyCode === undefined) continue; // its books are kept elsewhere
    const company = await prepareCompany(tryton, entity, partyCode, made);
    const books: BooksToPrepare = { tryton, binding, entity, company, context: { company }, made };
    await prepareChart(books);
    await prepareJournal(books, binding.journal, 'general');
    await prepareJournal(books, binding.invoiceJournal, 'expense');
    await prepareAccounts(books, chart.accounts);
    for (const year of chart.years) await prepareYear(books, year);
    await prepareCostCenters(
      books,
      chart.costCenters.filter(({ legalEntity }) => legalEntity === entity.code),
    );
  }
  return made;
}
