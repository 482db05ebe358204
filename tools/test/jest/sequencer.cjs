// The longest test files first, so that no worker begins one when the others have nothing left. Jest knows how long they
// took the last time, but on a fresh clone there was none. What waits for the one Tryton stands apart: two of them at once
// would only wait for each other.
const path = require('node:path');
const { default: Sequencer } = require('@jest/test-sequencer');

const FIRST = [
  'apps/system-erp/src/connectors/tryton/tryton.connector.spec.ts',
  'test/faults/kill.spec.ts',
  'test/faults/simulators.spec.ts',
  'libs/workflow/src/crash.spec.ts',
  'test/faults/systems-taken-away.spec.ts',
  'apps/system-hcm/src/connectors/files/files.connector.spec.ts',
  'test/journeys/mllp.spec.ts',
  'test/faults/identity.spec.ts',
  'test/faults/last-costs.spec.ts',
  'test/journeys/synthea.spec.ts',
  'test/security/bad-input.spec.ts',
  'apps/system-supply-chain/src/connectors/tryton/tryton.connector.spec.ts',
  'test/journeys/encounter-to-finance-on-odata.spec.ts',
  'test/faults/message-refused.spec.ts',
  'apps/system-hcm/src/connectors/files/files.api.spec.ts',
  'test/security/canary.spec.ts',
  'libs/database/src/database.spec.ts',
  'test/faults/fallbacks.spec.ts',
  'apps/system-supply-chain/src/connectors/x12/x12.connector.spec.ts',
  'test/journeys/fhir-ehr.spec.ts',
  'test/journeys/encounter-to-finance-on-x12.spec.ts',
  'test/journeys/encounter-to-finance-on-tryton.spec.ts',
];

class LongestFirst extends Sequencer {
  sort(tests) {
    const place = ({ path: file, context }) => {
      const at = FIRST.indexOf(path.relative(context.config.rootDir, file));
      return at < 0 ? FIRST.length : at;
    };
    return super.sort(tests).sort((one, other) => place(one) - place(other));
  }
}

module.exports = LongestFirst;
