// The longest test files first, so that no worker begins one when the others have nothing left. Jest knows how long they
// took the last time, but on a fresh clone there was none; the seconds below only have to be right among each other.
const path = require('node:path');
const { default: Sequencer } = require('@jest/test-sequencer');

const SECONDS = {
  'test/faults/kill.spec.ts': 70,
  'test/faults/simulators.spec.ts': 55,
  'apps/system-erp/src/connectors/tryton/tryton.connector.spec.ts': 45,
  'test/journeys/encounter-to-finance-on-tryton.spec.ts': 45,
  'apps/system-supply-chain/src/connectors/tryton/tryton.connector.spec.ts': 40,
  'apps/system-hcm/src/connectors/files/files.connector.spec.ts': 35,
  'libs/workflow/src/crash.spec.ts': 31,
  'test/journeys/synthea.spec.ts': 27,
  'test/faults/systems-taken-away.spec.ts': 26,
  'test/journeys/mllp.spec.ts': 24,
  'test/security/bad-input.spec.ts': 24,
};

class LongestFirst extends Sequencer {
  sort(tests) {
    const seconds = ({ path: file, context }) => SECONDS[path.relative(context.config.rootDir, file)] ?? 0;
    return super.sort(tests).sort((one, other) => seconds(other) - seconds(one));
  }
}

module.exports = LongestFirst;
