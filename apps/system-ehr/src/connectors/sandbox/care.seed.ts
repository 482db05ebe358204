/** What was ordered and done before the sandbox was asked for the first time: it belongs to no encounter of ours. */
import type { ChargeItem, Device, DeviceUseStatement, Procedure, ServiceRequest } from '@medplum/fhirtypes';
import { numbered } from './people.seed.js';

const snomed = (code: string, display: string) => ({ coding: [{ system: 'http://snomed.info/sct', code, display }] });
const subjectOf = (nn: string) => ({ reference: `Patient/synthetic-patient-${nn}` });
const dayOf = (i: number) => `2026-01-${String(i + 5).padStart(2, '0')}T10:00:00Z`;

const orders = numbered(12, (nn, i): ServiceRequest => ({
  resourceType: 'ServiceRequest',
  id: `synthetic-order-${nn}`,
  status: i % 4 === 3 ? 'completed' : 'active',
  intent: 'order',
  priority: i % 5 === 4 ? 'urgent' : 'routine',
  code: snomed('73761001', 'Colonoscopy'),
  subject: subjectOf(nn),
  requester: { reference: `Practitioner/synthetic-practitioner-${nn}` },
  authoredOn: dayOf(i),
}));

const procedures = numbered(6, (nn, i): Procedure => ({
  resourceType: 'Procedure',
  id: `synthetic-procedure-${nn}`,
  status: 'completed',
  code: snomed('52734007', 'Total replacement of hip'),
  subject: subjectOf(nn),
  performedDateTime: dayOf(i),
  performer: [{ actor: { reference: 'Practitioner/synthetic-practitioner-01' } }],
  location: { reference: 'Location/CLINIC-NORTH-W1-R1' },
}));

const devices = numbered(6, (nn): Device => ({
  resourceType: 'Device',
  id: `synthetic-device-${nn}`,
  udiCarrier: [
    { deviceIdentifier: '00889842115628', carrierHRF: `(01)00889842115628(17)301231(10)SYN-LOT(21)SYN-${nn}` },
  ],
  lotNumber: 'SYN-LOT',
  serialNumber: `SYN-${nn}`,
  expirationDate: '2030-12-31',
  type: snomed('304120007', 'Total hip replacement prosthesis'),
}));

const uses = numbered(6, (nn, i): DeviceUseStatement => ({
  resourceType: 'DeviceUseStatement',
  id: `synthetic-use-${nn}`,
  status: 'completed',
  subject: subjectOf(nn),
  timingDateTime: dayOf(i),
  derivedFrom: [{ reference: `Procedure/synthetic-procedure-${nn}` }],
  device: { reference: `Device/synthetic-device-${nn}` },
}));

const charges = numbered(6, (nn, i): ChargeItem => ({
  resourceType: 'ChargeItem',
  id: `synthetic-charge-${nn}`,
  status: 'billed',
  code: { coding: [{ system: 'urn:concord:charge-code', code: 'PROC-HIP' }] },
  subject: subjectOf(nn),
  occurrenceDateTime: dayOf(i),
  quantity: { value: 1 },
}));

export const care = [...orders, ...procedures, ...devices, ...uses, ...charges];
