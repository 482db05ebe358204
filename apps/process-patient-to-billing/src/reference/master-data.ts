import {
  Problem,
  type ChargeItem,
  type CostCenter,
  type Encounter,
  type FiscalPeriod,
  type Item,
  type LaborRate,
  type Page,
  type Payer,
} from '@concord/canonical';
import { Crosswalks } from '@concord/master-data';
import { items, type Call } from '@concord/sdk-core';
import { LRUCache } from 'lru-cache';
import { allSupplies, UNITS } from '../rules/supplied-items.js';
import { PAYER_NAMES } from '../rules/placement.js';
import type { Services } from '../services.js';
import type { Reference, ServiceCharge, SupplyItem } from './reference.js';

/** How long a master record may be used before it is asked for again. */
const FRESH_MS = 30_000;
const NO_CHARGE = 'NONE';

/** Remembers what `fetch` gave, for half a minute and at most `max` of it; two who ask at once share one call. */
const remembered = <T extends object>(max: number, fetch: (key: string) => Promise<T>) =>
  new LRUCache<string, { readonly value: T }>({
    max,
    ttl: FRESH_MS,
    fetchMethod: async (key) => ({ value: await fetch(key) }),
  });

type Remembered<T> = LRUCache<string, { readonly value: T }>;

/** Fetches the master data an encounter needs, from the systems that own it, through the crosswalks. */
export class MasterData {
  private readonly chargeItems: Remembered<{ item?: ChargeItem }>;
  private readonly payers: Remembered<{ item?: Payer }>;
  private readonly supplyItems: Remembered<{ item?: Item }>;
  private readonly costCenters: Remembered<CostCenter[]>;
  private readonly periods: Remembered<FiscalPeriod[]>;
  private readonly rates: Remembered<LaborRate[]>;

  constructor(
    private readonly crosswalks: Crosswalks,
    services: Pick<Services, 'erp' | 'hcm' | 'revenueCycle' | 'supplyChain'>,
    private readonly clock: () => Date,
  ) {
    const { erp, hcm, revenueCycle, supplyChain } = services;
    this.chargeItems = remembered(20_000, (code) => found(revenueCycle.readChargeItem(code)));
    this.payers = remembered(1000, (code) => found(revenueCycle.readPayer(code)));
    this.supplyItems = remembered(20_000, (id) => found(supplyChain.readItem(id)));
    this.costCenters = remembered(500, (facility) => all((page) => erp.listCostCenters({ ...page, facility })));
    this.periods = remembered(200, (legalEntity) =>
      all((page) => erp.listFiscalPeriods({ ...page, legal_entity: legalEntity, status: 'open' })),
    );
    this.rates = remembered(1, () => all((page) => hcm.listLaborRates(page)));
  }

  async lookUp(encounter: Encounter): Promise<Reference> {
    await this.crosswalks.refresh();
    const today = this.today();
    const on = encounter.startedAt?.slice(0, 10) ?? today;
    const { system, value } = encounter.serviceProvider;
    const facility = this.crosswalks.translate('facility', system, value, on);
    const costCenters = facility ? await ask(this.costCenters, facility) : [];
    const [legalEntity] = costCenters.map((costCenter) => costCenter.legalEntity);
    return {
      today,
      facility,
      costCenters,
      periods: legalEntity ? await ask(this.periods, legalEntity) : [],
      payer: await this.payerOf(encounter.payer ?? 'none', on),
      charges: await this.chargesOf(encounter, on),
      supplies: await this.suppliesOf(encounter, on),
      rates: encounter.clinicians.length ? await ask(this.rates, 'all') : [],
    };
  }

  /** The charge of one clinical code, asked for now: `unknown` where nobody has said what it is. */
  async chargeOf(system: string, code: string, on = this.today()): Promise<ServiceCharge> {
    const chargeCode = this.crosswalks.translate('service-code', system, code, on);
    if (chargeCode === undefined) return { kind: 'unknown' };
    if (chargeCode === NO_CHARGE) return { kind: 'included' };
    const { item } = await ask(this.chargeItems, chargeCode);
    return item ? { kind: 'charge', item } : { kind: 'unknown', chargeCode };
  }

  async payerOf(name: string, on = this.today()): Promise<Payer | undefined> {
    const code = this.crosswalks.translate('payer', PAYER_NAMES, name, on);
    return code === undefined ? undefined : (await ask(this.payers, code)).item;
  }

  today(): string {
    return this.clock().toISOString().slice(0, 10);
  }

  private async chargesOf({ services }: Encounter, on: string): Promise<Reference['charges']> {
    const charges: Record<string, ServiceCharge> = {};
    for (const { id, code } of services) charges[id] = await this.chargeOf(code.system, code.code, on);
    return charges;
  }

  private async suppliesOf(encounter: Encounter, on: string): Promise<Reference['supplies']> {
    const supplies: Record<string, SupplyItem> = {};
    for (const { id, item, unit } of allSupplies(encounter)) {
      const itemId = this.crosswalks.translate('supply-code', item.system, item.code, on);
      const known = itemId === undefined ? undefined : (await ask(this.supplyItems, itemId)).item;
      supplies[id] = { item: known, unit: this.crosswalks.translate('unit', UNITS, unit, on) ?? unit };
    }
    return supplies;
  }
}

async function ask<T>(cache: Remembered<T>, key: string): Promise<T> {
  const known = cache.get(key) ?? (await cache.fetch(key));
  return known!.value;
}

/** The record, or nothing where its owner does not know it. */
async function found<T>(call: Call<T>): Promise<{ item?: T }> {
  try {
    return { item: await call };
  } catch (error) {
    if (error instanceof Problem && error.slug === 'not-found') return {};
    throw error;
  }
}

async function all<T>(call: (page: { page_size: number; page_token?: string }) => PromiseLike<Page<T>>): Promise<T[]> {
  const every: T[] = [];
  for await (const one of items((page_token) => call({ page_size: 500, page_token }))) every.push(one);
  return every;
}
