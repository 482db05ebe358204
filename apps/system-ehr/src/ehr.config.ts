import { setting } from '@concord/api';
import { CONNECTOR_NAMES, type ConnectorName } from './connectors.js';

export class EhrConfig {
  @setting('CONNECTOR_EHR', 'Which connector serves the electronic health record', { oneOf: CONNECTOR_NAMES })
  connector: ConnectorName = 'sandbox';

  @setting('MLLP_HOST', 'Address on which HL7 v2 is heard over MLLP')
  mllpHost = '127.0.0.1';

  @setting('MLLP_PORT', 'Port on which HL7 v2 is heard over MLLP; 0 is none', { min: 0, max: 65_535 })
  mllpPort = 2575;

  @setting('HL7_TIME_ZONE', 'IANA time zone in which HL7 v2 times without an offset are told')
  hl7TimeZone = 'UTC';
}

/** The time zone, if there is such a one: a misspelt name must stop the start, and not every message after it. */
export function knownTimeZone(name: string): string {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: name }).resolvedOptions().timeZone;
  } catch (cause) {
    throw new Error('HL7_TIME_ZONE is not the name of an IANA time zone', { cause });
  }
}
