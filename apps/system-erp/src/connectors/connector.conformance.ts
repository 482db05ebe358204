/**
 * What every connector of this API has to do, whatever stands behind it: a suite for each capability that it serves, and
 * an honest refusal for each that it does not.
 */
import { beforeAll, describe, expect, test } from '@jest/globals';
import { PORTS, type Capability } from '../connector.js';
import { costAllocations } from './conformance/cost-allocations.conformance.js';
import { goodsReceipts } from './conformance/goods-receipts.conformance.js';
import { intercompany } from './conformance/intercompany.conformance.js';
import { ledgerConformance } from './conformance/ledger.conformance.js';
import { purchaseOrders } from './conformance/purchase-orders.conformance.js';
import * as reading from './conformance/reading.conformance.js';
import { requisitions } from './conformance/requisitions.conformance.js';
import { reservations } from './conformance/reservations.conformance.js';
import { refusal, UnderTest, type CapabilitySuite, type Subject } from './conformance/subject.js';
import { supplierInvoices } from './conformance/supplier-invoices.conformance.js';
import { suppliers } from './conformance/suppliers.conformance.js';

export { refusal, type Subject } from './conformance/subject.js';

const SUITES: readonly CapabilitySuite[] = [
  suppliers,
  ...Object.values(reading),
  requisitions,
  purchaseOrders,
  goodsReceipts,
  reservations,
  supplierInvoices,
  costAllocations,
  intercompany,
];

const EVERYTHING = Object.keys(PORTS) as Capability[];

/** @param serves the capabilities of the ERP; all of them where nothing is said. Structure and journal have to be there. */
export function connectorConformance(
  name: string,
  make: () => Promise<Subject>,
  serves: readonly Capability[] = EVERYTHING,
): void {
  ledgerConformance(name, make);

  describe.each(SUITES)(`${name}: $capability`, ({ capability, sample, tests }) => {
    let erp: UnderTest;
    beforeAll(async () => {
      erp = new UnderTest(await make());
    });

    test('is served where it is said to be', () => {
      expect(erp.serves(capability)).toBe(serves.includes(capability));
    });

    if (serves.includes(capability)) {
      tests(() => erp);
    } else {
      test('is refused by name, as the ERP has no such thing', async () => {
        expect(await refusal(sample(erp))).toEqual({ slug: 'not-supported', context: { capability } });
      });
    }
  });
}
