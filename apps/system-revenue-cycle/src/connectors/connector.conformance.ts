/**
 * What every revenue cycle connector must do, whatever stands behind it. A connector's own spec calls this with a
 * connector that is connected to a target it may write to.
 */
import { accounts } from './conformance/accounts.conformance.js';
import { adjustments } from './conformance/adjustments.conformance.js';
import { chargeMaster } from './conformance/charge-master.conformance.js';
import { claims } from './conformance/claims.conformance.js';
import { receivedFiles } from './conformance/received-files.conformance.js';
import { remittances } from './conformance/remittances.conformance.js';
import { UnderTest, type RevenueCycleTarget } from './conformance/subject.js';

export { coverageOf, type RevenueCycleTarget } from './conformance/subject.js';

const SUITES = [chargeMaster, claims, receivedFiles, remittances, adjustments, accounts];

/** @param target is asked when the tests run, not before */
export function connectorConformance(name: string, target: () => RevenueCycleTarget): void {
  describe(`The ${name} connector of the revenue cycle`, () => {
    for (const suite of SUITES) suite(() => new UnderTest(target()));
  });
}
