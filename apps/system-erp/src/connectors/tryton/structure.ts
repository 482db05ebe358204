/**
 * What Tryton's books are made of, as far as it is bound to ours: read when the connector starts and again when a minute
 * has passed, so that a period that was closed there is closed here soon. Whether a posting is really taken, Tryton says.
 */
import type { TrytonRecords } from '@concord/tryton';
import { booksOf } from './books.mapping.js';
import type { Books, Structure } from './books.js';
import { readCompanies, readWire } from './structure.wire.js';
import type { Binding } from './tryton-erp.config.js';

/** Throws one error that names all that Tryton does not have. */
export async function readStructure(tryton: TrytonRecords, binding: Binding, now: number): Promise<Structure> {
  const faults: string[] = [];
  const { journal: posted, invoiceJournal: bills } = binding;
  const journals = await tryton.find<{ code: string; type: string }>(
    'account.journal',
    [['code', 'in', [posted, bills]]],
    ['code', 'type'],
  );
  const journal = journals.find(({ code }) => code === posted);
  if (!journal) faults.push(`there is no journal ${posted} (TRYTON_JOURNAL)`);
  const invoiceJournal = journals.find(({ code, type }) => code === bills && type === 'expense');
  const companies = await readCompanies(tryton, [...binding.legalEntities.values()]);
  const wire = await readWire(tryton, binding, companies);
  const books = new Map<string, Books>();
  for (const [code, partyCode] of binding.legalEntities) {
    const company = companies.find((one) => one['party.'].code === partyCode);
    if (!company) {
      faults.push(`there is no company ${partyCode} that the user may see, for ${code} (TRYTON_LEGAL_ENTITIES)`);
      continue;
    }
    const ledger = booksOf(binding, code, company, wire);
    if (!ledger.accounts.size) faults.push(`${code} has no accounts with a number`);
    if (!ledger.costCenters.size)
      faults.push(`${code} has no cost centers below ${binding.costCenterRoot} (TRYTON_COST_CENTER_ROOT)`);
    if (!ledger.periods.length) faults.push(`${code} has no fiscal periods`);
    books.set(code, ledger);
  }
  if (binding.legalEntities.size > 1 && !(await seesAllCompanies(tryton))) {
    faults.push('the user sees the records of one company at a time: its company filter must be All');
  }
  if (faults.length || !journal) throw new BindingFault(faults);
  const modules = await activeModules(tryton);
  return { journalId: journal.id, invoiceJournalId: invoiceJournal?.id, modules, books, readAt: now };
}

/** Tryton is there, but lacks what the settings name; `tools/prepare-tryton.mjs` makes it. */
export class BindingFault extends Error {
  constructor(faults: readonly string[]) {
    super(`Tryton is not ready for Concord: ${faults.join('; ')}. See docs/guides/tryton.md on how to prepare it.`);
    this.name = 'BindingFault';
  }
}

async function seesAllCompanies(tryton: TrytonRecords): Promise<boolean> {
  const user = await tryton.client.userId();
  return !!(await tryton.first(
    'res.user',
    [
      ['id', '=', user],
      ['company_filter', '=', 'all'],
    ],
    ['login'],
  ));
}

async function activeModules(tryton: TrytonRecords): Promise<ReadonlySet<string>> {
  const active = await tryton.all<{ name: string }>('ir.module', [['state', '=', 'activated']], ['name']);
  return new Set(active.map(({ name }) => name));
}
