/**
 * What every connector of this API has to do, whatever stands behind it: a suite for each capability that it serves, and
 * an honest refusal for each that it does not.
 */
import { beforeAll, describe, expect, test } from '@jest/globals';
import { PORTS, type Capability } from '../connector.js';
import { adjustments } from './conformance/adjustments.conformance.js';
import { catalogue } from './conformance/catalogue.conformance.js';
import { contracts } from './conformance/contracts.conformance.js';
import { fulfilment } from './conformance/fulfilment.conformance.js';
import { invoices } from './conformance/invoices.conformance.js';
import { orderChanges } from './conformance/order-changes.conformance.js';
import { orders } from './conformance/orders.conformance.js';
import { parLevels } from './conformance/par-levels.conformance.js';
import { receiving } from './conformance/receiving.conformance.js';
import { replenishment } from './conformance/replenishment.conformance.js';
import { requisitions } from './conformance/requisitions.conformance.js';
import { stock } from './conformance/stock.conformance.js';
import { refusal, UnderTest, type CapabilitySuite, type Subject } from './conformance/subject.js';
import { transfers } from './conformance/transfers.conformance.js';

export { refusal, type Subject } from './conformance/subject.js';

const SUITES: readonly CapabilitySuite[] = [
  catalogue,
  contracts,
  adjustments,
  stock,
  transfers,
  parLevels,
  requisitions,
  replenishment,
  orders,
  orderChanges,
  fulfilment,
  receiving,
  invoices,
];

const EVERYTHING = Object.keys(PORTS) as Capability[];

/** @param serves the capabilities of the connector; all of them where nothing is said */
export function connectorConformance(
  name: string,
  make: () => Promise<Subject>,
  serves: readonly Capability[] = EVERYTHING,
): void {
  test('every capability has its suite', () => {
    expect(new Set(SUITES.map(({ capability }) => capability))).toEqual(new Set(EVERYTHING));
  });

  describe.each(SUITES)(`${name}: $capability`, ({ capability, sample, tests }) => {
    let supplyChain: UnderTest;
    beforeAll(async () => {
      supplyChain = new UnderTest(await make());
    });

    test('is served where it is said to be', () => {
      expect(supplyChain.serves(capability)).toBe(serves.includes(capability));
    });

    if (serves.includes(capability)) {
      tests(() => supplyChain);
    } else {
      test('is refused by name, as there is no such thing behind', async () => {
        expect(await refusal(sample(supplyChain))).toEqual({ slug: 'not-supported', context: { capability } });
      });
    }
  });
}
