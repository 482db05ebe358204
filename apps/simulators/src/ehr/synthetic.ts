/** What the simulated EHR knows where it is given no bundles: a small clinic of people who look synthetic. */
import type { Resource } from '@medplum/fhirtypes';

const numbered = <T>(count: number, make: (nn: string, i: number) => T): T[] =>
  Array.from({ length: count }, (_, i) => make(String(i + 1).padStart(2, '0'), i));

const SNOMED = 'http://snomed.info/sct';
const coded = (code: string, system = SNOMED) => ({ coding: [{ system, code }] });
const to = (type: string, id: string) => ({ reference: `${type}/${id}` });
const at = (i: number, minutes = 0) => new Date(Date.UTC(2026, 2, 2 + (i % 20), 9, minutes)).toISOString();

type Loose = { resourceType: Resource['resourceType']; id: string } & Record<string, unknown>;

const people: Loose[] = [
  ...numbered(20, (nn, i) => ({
    resourceType: 'Patient' as const,
    id: `sim-patient-${nn}`,
    identifier: [{ type: { coding: [{ code: 'MR' }] }, system: 'urn:simulated:mrn', value: `SIM-${nn}` }],
    name: [{ family: `Simulata ${nn}`, given: ['Testa'] }],
    gender: i % 2 ? 'male' : 'female',
    birthDate: `19${50 + i}-06-01`,
  })),
  ...numbered(6, (nn) => ({
    resourceType: 'Practitioner' as const,
    id: `sim-practitioner-${nn}`,
    name: [{ family: `Simulanda ${nn}`, given: ['Testa'], prefix: ['Dr.'] }],
    identifier: [{ system: 'http://hl7.org/fhir/sid/us-npi', value: `99999999${nn}` }],
  })),
  ...numbered(6, (nn) => ({
    resourceType: 'PractitionerRole' as const,
    id: `sim-role-${nn}`,
    active: true,
    practitioner: to('Practitioner', `sim-practitioner-${nn}`),
    organization: { identifier: { system: 'urn:concord:facility', value: 'CLINIC-NORTH' } },
    code: [{ coding: [{ code: nn === '06' ? 'nurse' : 'doctor' }] }],
    location: [to('Location', 'sim-ward')],
  })),
];

const type = (code: string) => ({ physicalType: { coding: [{ code }] } });

const places: Loose[] = [
  { resourceType: 'Location', id: 'sim-site', status: 'active', name: 'Simulated clinic', ...type('si') },
  {
    resourceType: 'Location',
    id: 'sim-ward',
    status: 'active',
    name: 'Ward',
    ...type('wa'),
    partOf: to('Location', 'sim-site'),
  },
  ...numbered(9, (nn, i) => ({
    resourceType: 'Location' as const,
    id: `sim-bed-${nn}`,
    status: 'active',
    name: `Bed ${nn}`,
    ...type('bd'),
    operationalStatus: { code: ['U', 'O', 'K'][i % 3] },
    partOf: to('Location', 'sim-ward'),
  })),
];

const scheduling: Loose[] = [
  ...numbered(3, (nn) => ({
    resourceType: 'Schedule' as const,
    id: `sim-schedule-${nn}`,
    active: true,
    actor: [to('Practitioner', `sim-practitioner-${nn}`), to('Location', 'sim-ward')],
  })),
  ...numbered(12, (nn, i) => ({
    resourceType: 'Slot' as const,
    id: `sim-slot-${nn}`,
    schedule: to('Schedule', `sim-schedule-0${(i % 3) + 1}`),
    status: i % 2 ? 'free' : 'busy',
    start: at(i),
    end: at(i, 30),
  })),
  ...numbered(12, (nn, i) => ({
    resourceType: 'Appointment' as const,
    id: `sim-appointment-${nn}`,
    status: 'booked',
    start: at(i),
    end: at(i, 30),
    participant: [
      { status: 'accepted', actor: to('Patient', `sim-patient-${nn}`) },
      { status: 'accepted', actor: to('Practitioner', `sim-practitioner-0${(i % 3) + 1}`) },
      { status: 'accepted', actor: to('Location', 'sim-ward') },
    ],
  })),
];

const care: Loose[] = numbered(10, (nn, i) => {
  const subject = to('Patient', `sim-patient-${nn}`);
  const encounter = to('Encounter', `sim-encounter-${nn}`);
  const period = { start: at(i), end: at(i, 30) };
  return [
    {
      resourceType: 'Encounter' as const,
      id: `sim-encounter-${nn}`,
      status: 'finished',
      class: { code: 'AMB' },
      type: [coded('185349003')],
      subject,
      participant: [{ individual: to('Practitioner', 'sim-practitioner-01'), period }],
      period,
      serviceProvider: { identifier: { system: 'urn:concord:facility', value: 'CLINIC-NORTH' } },
    },
    {
      resourceType: 'Procedure' as const,
      id: `sim-procedure-${nn}`,
      status: 'completed',
      code: coded('73761001'),
      subject,
      encounter,
      performedPeriod: period,
    },
    {
      resourceType: 'Immunization' as const,
      id: `sim-immunization-${nn}`,
      status: 'completed',
      vaccineCode: coded('140', 'http://hl7.org/fhir/sid/cvx'),
      patient: subject,
      encounter,
      occurrenceDateTime: at(i),
      lotNumber: 'SIM-LOT',
    },
    {
      resourceType: 'Device' as const,
      id: `sim-device-${nn}`,
      udiCarrier: [{ deviceIdentifier: '00889842115628' }],
      serialNumber: `SIM-${nn}`,
      patient: subject,
    },
    {
      resourceType: 'DeviceUseStatement' as const,
      id: `sim-use-${nn}`,
      status: 'completed',
      subject,
      timingDateTime: at(i),
      derivedFrom: [to('Procedure', `sim-procedure-${nn}`)],
      device: to('Device', `sim-device-${nn}`),
    },
    {
      resourceType: 'ServiceRequest' as const,
      id: `sim-order-${nn}`,
      status: 'active',
      intent: 'order',
      code: coded('73761001'),
      subject,
      encounter,
      authoredOn: at(i),
    },
    {
      resourceType: 'ChargeItem' as const,
      id: `sim-charge-${nn}`,
      status: 'billable',
      code: coded('99213', 'http://www.ama-assn.org/go/cpt'),
      subject,
      context: encounter,
      occurrenceDateTime: at(i),
      quantity: { value: 1 },
    },
  ];
}).flat();

export const synthetic = [...people, ...places, ...scheduling, ...care] as unknown as (Resource & { id: string })[];
