import { setting } from '@concord/api';
import { codeMap } from '@concord/tryton';

/** How our books lie in Tryton. What each code names is looked up when the connector starts. */
export class TrytonErpConfig {
  @setting(
    'TRYTON_LEGAL_ENTITIES',
    'Tryton: party code of the company of each legal entity, for example LSH=HOSP,LSP=PHYS',
  )
  legalEntities = '';

  @setting('TRYTON_JOURNAL', 'Tryton: code of the journal that entries are posted in')
  journal = 'CONCORD';

  @setting(
    'TRYTON_INVOICE_JOURNAL',
    "Tryton: code of the journal, of type expense, that suppliers' invoices are posted in",
  )
  invoiceJournal = 'EXP';

  @setting('TRYTON_COST_CENTER_ROOT', 'Tryton: name of the root of the analytic accounts that are cost centers')
  costCenterRoot = 'Cost Centers';

  @setting('TRYTON_ACCOUNTS', 'Tryton: our account numbers where its own differ, for example 4000=40010,5100=61010')
  accounts = '';

  @setting('TRYTON_COST_CENTERS', 'Tryton: our cost centers where its own codes differ, for example CC-ICU=6010')
  costCenters = '';

  @setting('TRYTON_EQUITY_TYPE', 'Tryton: name of the account type below which accounts are equity, not liabilities')
  equityType = 'Equity';

  @setting('TRYTON_SUPPLIERS', 'Tryton: category of the parties that are suppliers')
  suppliers = 'Suppliers';

  @setting('TRYTON_BLOCKED_SUPPLIERS', 'Tryton: category of the suppliers that nothing is bought from')
  blockedSuppliers = 'Blocked suppliers';

  @setting('TRYTON_INVENTORY_ACCOUNT', 'Tryton: our account that the purchase of stocked items is debited to')
  inventoryAccount = '1400';

  @setting('TRYTON_EXPENSE_ACCOUNT', 'Tryton: our account of the use of items whose category in Tryton names none')
  expenseAccount = '5100';

  @setting('TRYTON_RECEIVED_ACCOUNT', 'Tryton: our account of what was received and not invoiced')
  receivedAccount = '2150';

  @setting('TRYTON_VARIANCE_ACCOUNT', 'Tryton: our account of differences between prices ordered and invoiced')
  varianceAccount = '5160';

  @setting('TRYTON_PAYABLE_ACCOUNT', 'Tryton: our account of what is owed to suppliers')
  payableAccount = '2100';
}

/** Our codes and theirs, both ways. */
export interface Binding extends Pick<
  TrytonErpConfig,
  | 'invoiceJournal'
  | 'suppliers'
  | 'blockedSuppliers'
  | 'inventoryAccount'
  | 'expenseAccount'
  | 'receivedAccount'
  | 'varianceAccount'
  | 'payableAccount'
> {
  /** Party code of the company by legal entity. */
  readonly legalEntities: ReadonlyMap<string, string>;
  readonly journal: string;
  readonly costCenterRoot: string;
  readonly equityType: string;
  /** Their number of an account, and our number of theirs. */
  readonly accounts: Crosswalk;
  readonly costCenters: Crosswalk;
}

export interface Crosswalk {
  readonly theirs: (ours: string) => string;
  readonly ours: (theirs: string) => string;
}

/** Throws where a setting cannot be used, naming it. */
export function bindingOf(config: TrytonErpConfig): Binding {
  const legalEntities = codeMap('TRYTON_LEGAL_ENTITIES', config.legalEntities);
  if (!legalEntities.size) throw new Error('TRYTON_LEGAL_ENTITIES is missing, for example LSH=HOSP');
  return {
    ...config,
    legalEntities,
    accounts: crosswalk(codeMap('TRYTON_ACCOUNTS', config.accounts)),
    costCenters: crosswalk(codeMap('TRYTON_COST_CENTERS', config.costCenters)),
  };
}

/** A code that is not in the map is the same on both sides. */
function crosswalk(map: ReadonlyMap<string, string>): Crosswalk {
  const back = new Map([...map].map(([ours, theirs]) => [theirs, ours]));
  return { theirs: (ours) => map.get(ours) ?? ours, ours: (theirs) => back.get(theirs) ?? theirs };
}
