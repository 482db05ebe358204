/** What Tryton can do of what is asked of an ERP, by the modules that are activated in it and the accounts of its books. */
import type { Capability } from '../../connector.js';
import type { Binding } from './tryton-erp.config.js';
import type { Books, Structure } from './books.js';

/** Structure and journal are what the connector cannot be without. */
const MODULES = {
  suppliers: ['party', 'account_invoice', 'bank'],
  items: ['product', 'account_product', 'purchase'],
  purchaseOrders: ['purchase', 'analytic_purchase', 'stock', 'account_invoice', 'bank'],
  goodsReceipts: ['purchase', 'analytic_purchase', 'stock', 'stock_lot', 'account_invoice', 'bank'],
  valuation: ['product', 'stock'],
  supplierInvoices: ['purchase', 'analytic_invoice', 'stock', 'account_invoice', 'account_payment', 'bank'],
} as const satisfies Partial<Record<Capability, readonly string[]>>;

export type PurchasingCapability = keyof typeof MODULES;

/** By capability that Tryton lacks, why, in a sentence for the operator. */
export function lackingIn(
  { modules, books, invoiceJournalId }: Structure,
  binding: Binding,
): ReadonlyMap<PurchasingCapability, string> {
  const lacking = new Map<PurchasingCapability, string>();
  for (const [capability, needed] of Object.entries(MODULES) as [PurchasingCapability, readonly string[]][]) {
    const missing = needed.filter((name) => !modules.has(name));
    const faults = missing.length ? [`Tryton has not activated ${missing.join(', ')}`] : [];
    if (capability === 'goodsReceipts' || capability === 'supplierInvoices') {
      for (const ledger of books.values()) faults.push(...accountFaults(ledger, binding, capability));
    }
    if (capability === 'supplierInvoices' && invoiceJournalId === undefined) {
      faults.push(`there is no journal ${binding.invoiceJournal} of type expense (TRYTON_INVOICE_JOURNAL)`);
    }
    if (faults.length) lacking.set(capability, faults.join('; '));
  }
  return lacking;
}

function accountFaults(
  { entity, accounts }: Books,
  { receivedAccount, varianceAccount, payableAccount }: Binding,
  capability: PurchasingCapability,
): string[] {
  const faultsOf = (code: string, setting: string, fault?: string): string[] => {
    const account = accounts.get(code);
    if (!account) return [`${entity.code} has no account ${code} (${setting})`];
    return fault === undefined ? [] : [`account ${code} of ${entity.code} ${fault} (${setting})`];
  };
  const received = accounts.get(receivedAccount);
  const kept = faultsOf(receivedAccount, 'TRYTON_RECEIVED_ACCOUNT');
  if (capability === 'goodsReceipts') return kept;
  const [variance, payable] = [accounts.get(varianceAccount), accounts.get(payableAccount)];
  const notDebited = "is not of a type that a supplier's invoice may debit: neither expense nor debt";
  return [
    ...faultsOf(receivedAccount, 'TRYTON_RECEIVED_ACCOUNT', received?.isInvoiced === false ? notDebited : undefined),
    ...faultsOf(varianceAccount, 'TRYTON_VARIANCE_ACCOUNT', variance?.isInvoiced === false ? notDebited : undefined),
    ...faultsOf(
      payableAccount,
      'TRYTON_PAYABLE_ACCOUNT',
      payable?.isPayable === false ? 'is not of a type that holds what is owed' : undefined,
    ),
  ];
}
