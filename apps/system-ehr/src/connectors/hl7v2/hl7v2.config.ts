import { limitsConfig, setting } from '@concord/api';

export const Hl7v2Limits = limitsConfig('HL7V2_SEND', 'the receiver of HL7 v2', { callsAtOnce: 1 });

export class Hl7v2Config {
  @setting('HL7V2_SEND_HOST', 'Host that hears HL7 v2 over MLLP what is sent to the EHR; empty: nothing is sent')
  sendHost = '';

  @setting('HL7V2_SEND_PORT', 'Port of HL7V2_SEND_HOST', { min: 1, max: 65_535 })
  sendPort = 2575;

  @setting('HL7V2_SEND_TIMEOUT_MS', 'How long an acknowledgement from HL7V2_SEND_HOST is waited for', {
    min: 100,
    max: 600_000,
  })
  sendTimeoutMs = 30_000;

  @setting('HL7V2_SEND_QUEUE', 'Messages to HL7V2_SEND_HOST that may wait', { min: 1, max: 1_000_000 })
  sendQueue = 10_000;
}
