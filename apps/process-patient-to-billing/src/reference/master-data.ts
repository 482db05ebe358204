import {
  asProblem,
  canonicalJson,
  Problem,
  type ChargeItem,
  type CostCenter,
  type Encounter,
  type FiscalPeriod,
  type Item,
  type LaborRate,
  type Page,
  type Payer,
  type Practitioner,
} from '@concord/canonical';
import { Crosswalks } from '@concord/master-data';
import type { Fallback } from '@concord/resilience';
import { items, type Call } from '@concord/sdk-core';
import { LRUCache } from 'lru-cache';
import { allSupplies, UNITS } from '../rules/supplied-items.js';
import { inChargeOf } from '../rules/treatment.js';
import { PAYER_NAMES } from '../rules/placement.js';
import type { Services } from '../services.js';
import type { LastTold, Told } from './last-told.js';
import { MasterDataConfig } from './master-data.config.js';
import type { Reference, ServiceCharge, SupplyItem } from './reference.js';

const NO_CHARGE = 'NONE';

type Remembered<T> = LRUCache<string, Told<T>>;

/** A cost that one goes on with while its owner does not answer, kept through a restart under its kind. */
interface Kept<T> {
  readonly kind: string;
  readonly cache: Remembered<T>;
}

/** Fetches the master data an encounter needs, from the systems that own it, through the crosswalks. */
export class MasterData {
  private readonly chargeItems: Remembered<{ item?: ChargeItem }>;
  private readonly payers: Remembered<{ item?: Payer }>;
  private readonly practitioners: Remembered<{ item?: Practitioner }>;
  private readonly practitionersByNpi: Remembered<{ item?: Practitioner }>;
  private readonly supplyItems: Kept<{ item?: Item }>;
  private readonly costCenters: Remembered<CostCenter[]>;
  private readonly periods: Remembered<FiscalPeriod[]>;
  private readonly rates: Kept<LaborRate[]>;

  constructor(
    private readonly crosswalks: Crosswalks,
    services: Pick<Services, 'ehr' | 'erp' | 'hcm' | 'revenueCycle' | 'supplyChain'>,
    private readonly lastTold: LastTold,
    private readonly clock: () => Date,
    { freshSeconds } = new MasterDataConfig(),
  ) {
    /** Two who ask at once share one call. What is not fresh any more is kept for when its owner does not answer. */
    const remembered = <T extends object>(max: number, fetch: (key: string) => Promise<T>): Remembered<T> =>
      new LRUCache<string, Told<T>>({
        max,
        ttl: freshSeconds * 1000,
        noDeleteOnFetchRejection: true,
        noDeleteOnStaleGet: true,
        fetchMethod: async (key) => ({ value: await fetch(key), at: clock() }),
      });
    /** Written down only where it is new to this process, or says something else than before. */
    const kept = <T extends object>(kind: string, max: number, fetch: (key: string) => Promise<T>): Kept<T> => {
      const cache: Remembered<T> = remembered(max, async (key) => {
        const value = await fetch(key);
        const last = cache.peek(key, { allowStale: true });
        if (!last || canonicalJson(last.value) !== canonicalJson(value)) await lastTold.keep(kind, key, value);
        return value;
      });
      return { kind, cache };
    };
    const { ehr, erp, hcm, revenueCycle, supplyChain } = services;
    this.chargeItems = remembered(20_000, (code) => found(revenueCycle.readChargeItem(code)));
    this.payers = remembered(1000, (code) => found(revenueCycle.readPayer(code)));
    this.practitioners = remembered(20_000, (id) => found(ehr.readPractitioner(id)));
    this.practitionersByNpi = remembered(20_000, (npi) => only((page) => ehr.listPractitioners({ ...page, npi })));
    this.supplyItems = kept('supply-item', 20_000, (id) => found(supplyChain.readItem(id)));
    this.costCenters = remembered(500, (facility) => all((page) => erp.listCostCenters({ ...page, facility })));
    this.periods = remembered(200, (legalEntity) =>
      all((page) => erp.listFiscalPeriods({ ...page, legal_entity: legalEntity, status: 'open' })),
    );
    this.rates = kept('labor-rates', 1, () => all((page) => hcm.listLaborRates(page)));
  }

  async lookUp(encounter: Encounter): Promise<Reference> {
    await this.crosswalks.refresh();
    const today = this.today();
    const on = encounter.startedAt?.slice(0, 10) ?? today;
    const { system, value } = encounter.serviceProvider;
    const facility = this.crosswalks.translate('facility', system, value, on);
    const costCenters = facility ? await ask(this.costCenters, facility) : [];
    const [legalEntity] = costCenters.map((costCenter) => costCenter.legalEntity);
    const rates = encounter.clinicians.length ? await this.askOrRecall(this.rates, 'all', 'accrue') : { value: [] };
    return {
      today,
      facility,
      costCenters,
      periods: legalEntity ? await ask(this.periods, legalEntity) : [],
      payer: await this.payerOf(encounter.payer ?? 'none', on),
      practitioner: await this.practitionerOf(encounter),
      charges: await this.chargesOf(encounter, on),
      supplies: await this.suppliesOf(encounter, on),
      rates: rates.value,
      ratesAsOf: rates.asOf,
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

  /** Whom the record does not know is nobody: the encounter may come before its practitioner. */
  private async practitionerOf(encounter: Encounter): Promise<Practitioner | undefined> {
    const { practitionerId, npi } = inChargeOf(encounter) ?? {};
    if (npi !== undefined) return (await ask(this.practitionersByNpi, npi)).item;
    return practitionerId === undefined ? undefined : (await ask(this.practitioners, practitionerId)).item;
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
      const known = itemId === undefined ? undefined : await this.askOrRecall(this.supplyItems, itemId, 'estimate');
      supplies[id] = {
        item: known?.value.item,
        asOf: known?.asOf,
        unit: this.crosswalks.translate('unit', UNITS, unit, on) ?? unit,
      };
    }
    return supplies;
  }

  /**
   * What its owner says; while he is known not to answer, and has declared that one goes on so, what he said last, and when
   * that was. Throws where he has never said anything: then the run waits for him.
   */
  private async askOrRecall<T>(
    { kind, cache }: Kept<T>,
    key: string,
    fallback: Fallback,
  ): Promise<{ value: T; asOf?: string }> {
    try {
      return { value: await ask(cache, key) };
    } catch (error) {
      const { silent, fallback: declared } = asProblem(error).context ?? {};
      if (silent === undefined || declared !== fallback) throw error;
      const last = cache.peek(key, { allowStale: true }) ?? (await this.lastTold.recall<T>(kind, key));
      if (!last) throw error;
      return { value: last.value, asOf: last.at.toISOString() };
    }
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

/** The one record that answers; nothing where none does, or several do: then it is not known which is meant. */
async function only<T>(
  call: (page: { page_size: number; page_token?: string }) => PromiseLike<Page<T>>,
): Promise<{ item?: T }> {
  let item: T | undefined;
  for await (const one of items((page_token) => call({ page_size: 2, page_token }))) {
    if (item !== undefined) return {};
    item = one;
  }
  return item === undefined ? {} : { item };
}

async function all<T>(call: (page: { page_size: number; page_token?: string }) => PromiseLike<Page<T>>): Promise<T[]> {
  const every: T[] = [];
  for await (const one of items((page_token) => call({ page_size: 500, page_token }))) every.push(one);
  return every;
}
