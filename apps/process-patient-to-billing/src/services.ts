import { Call, type CallWrite, type Transport } from '@concord/sdk-core';
import { EhrApi, ErpApi, HcmApi, RevenueCycleApi, SupplyChainApi } from '@concord/sdk-system';
import type { Encounter } from '@concord/canonical';
import type { Reference } from './reference/reference.js';

/** The systems, as this process API calls them. */
export interface Systems {
  readonly ehr: EhrApi;
  readonly erp: ErpApi;
  readonly hcm: HcmApi;
  readonly supplyChain: SupplyChainApi;
  readonly revenueCycle: RevenueCycleApi;
}

/** What the nodes of the workflows can name. */
export interface Services extends Systems {
  readonly lookUp: (encounter: Encounter) => Promise<Reference>;
}

/** @param to the way to one API: `system/erp` */
export const systemsBy = (to: (api: string) => Transport): Systems => ({
  ehr: new EhrApi(to('system/ehr')),
  erp: new ErpApi(to('system/erp')),
  hcm: new HcmApi(to('system/hcm')),
  supplyChain: new SupplyChainApi(to('system/supply-chain')),
  revenueCycle: new RevenueCycleApi(to('system/revenue-cycle')),
});

/** A write that was stored, ready to be sent again. */
export const resendBy =
  (to: (api: string) => Transport) =>
  (write: { api: string; operation: string; method: string; path: string; body?: unknown }): Call<unknown> =>
    new Call(to(write.api), write as CallWrite);
