import type { ChargeItem, CostCenter, FiscalPeriod, Item, LaborRate, Payer, Practitioner } from '@concord/canonical';

/** What one service of an encounter is charged as. */
export type ServiceCharge =
  | { readonly kind: 'charge'; readonly item: ChargeItem }
  /** Known, and included in another charge. */
  | { readonly kind: 'included' }
  | { readonly kind: 'unknown'; readonly chargeCode?: string };

/** One supply of an encounter as the item master knows it; `item` is absent where nobody has said which item it is. */
export interface SupplyItem {
  readonly item?: Item;
  /** The unit of use in the item master's words. */
  readonly unit: string;
  /** When its cost was known last, where the item master does not answer now. */
  readonly asOf?: string;
}

/** What an encounter needs of the master data, fetched before the rules run, so that the rules are pure. */
export interface Reference {
  readonly today: string;
  readonly facility: string | undefined;
  /** Cost centers of the facility. */
  readonly costCenters: readonly CostCenter[];
  /** Fiscal periods of the facility's legal entity. */
  readonly periods: readonly FiscalPeriod[];
  readonly payer: Payer | undefined;
  /** Who was in charge; absent where nobody was, or the record does not know them. */
  readonly practitioner: Practitioner | undefined;
  /** By service of the encounter. */
  readonly charges: Readonly<Record<string, ServiceCharge>>;
  /** By supply of the encounter; those of preference cards as well. */
  readonly supplies: Readonly<Record<string, SupplyItem>>;
  readonly rates: readonly LaborRate[];
  /** When the rates were known last, where the system that owns them does not answer now. */
  readonly ratesAsOf?: string;
}
