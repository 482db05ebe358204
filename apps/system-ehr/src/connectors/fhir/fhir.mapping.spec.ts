import type { Encounter, Resource } from '@medplum/fhirtypes';
import { encounterFromFhir } from './fhir.mapping.js';

const visit = (more: object = {}): Encounter => ({
  resourceType: 'Encounter',
  status: 'finished',
  class: { code: 'AMB' },
  period: { start: '2026-03-02T09:00:00-06:00', end: '2026-03-02T09:30:00-06:00' },
  ...more,
});
const map = (encounter: Encounter, parts: object[] = [], mentioned: Record<string, object> = {}) =>
  encounterFromFhir('e1', encounter, parts as Resource[], new Map(Object.entries(mentioned) as [string, Resource][]));
const coded = (code: string) => ({ coding: [{ system: 'http://snomed.info/sct', code }] });

describe('A FHIR encounter', () => {
  it.each([
    ['planned', 'planned'],
    ['arrived', 'in-progress'],
    ['triaged', 'in-progress'],
    ['in-progress', 'in-progress'],
    ['onleave', 'in-progress'],
    ['finished', 'finished'],
    ['cancelled', 'cancelled'],
    ['entered-in-error', 'cancelled'],
    ['unknown', 'planned'],
  ])('that is %s is %s for finance', (status, said) => {
    expect(map(visit({ status })).status).toBe(said);
  });

  it.each([
    ['AMB', 'ambulatory'],
    ['EMER', 'emergency'],
    ['IMP', 'inpatient'],
    ['ACUTE', 'inpatient'],
    ['HH', 'home'],
    ['VR', 'virtual'],
    ['constructor', 'other'],
  ])('of class %s is %s', (code, said) => {
    expect(map(visit({ class: { code } })).class).toBe(said);
  });

  it('that says only the day keeps the day', () => {
    const { startedAt, endedAt } = map(visit({ period: { start: '2026-03-02', end: '2026-03' } }));
    expect([startedAt, endedAt]).toEqual(['2026-03-02T00:00:00.000Z', undefined]);
  });

  it.each([
    [{ identifier: { system: 'urn:x', value: 'F1' }, reference: 'Organization/7' }, 'urn:x', 'F1'],
    [
      { reference: 'urn:uuid:d78e84ec-30aa-3bba-a33a-f29a3a454662' },
      'urn:uuid',
      'd78e84ec-30aa-3bba-a33a-f29a3a454662',
    ],
    [
      { reference: 'Organization/d78e84ec-30aa-3bba-a33a-f29a3a454662' },
      'urn:uuid',
      'd78e84ec-30aa-3bba-a33a-f29a3a454662',
    ],
    [{ reference: 'https://ehr.example/fhir/Organization/7' }, 'Organization', '7'],
    [{ reference: 'Organization?identifier=https://x.example|F1' }, 'https://x.example', 'F1'],
    [undefined, 'urn:concord:facility', 'UNSTATED'],
  ])('names its provider: %j', (serviceProvider, system, value) => {
    expect(map(visit({ serviceProvider })).serviceProvider).toEqual({ system, value });
  });

  it('counts what was done, and nothing that was not', () => {
    const done = (id: string, status: string) => ({ resourceType: 'Procedure', id, status, code: coded(id) });
    const statuses = ['completed', 'in-progress', 'not-done', 'entered-in-error', 'preparation'];
    const { services } = map(
      visit(),
      statuses.map((status) => done(status, status)),
    );
    expect(services.map(({ code }) => code.code)).toEqual(['completed', 'in-progress']);
  });

  it('takes quantities as decimals without an exponent', () => {
    const charge = {
      resourceType: 'ChargeItem',
      id: '1',
      status: 'billable',
      code: coded('1'),
      quantity: { value: 1e-7 },
    };
    const more = { ...charge, id: '2', quantity: { value: 0.1 + 0.2 } };
    expect(map(visit(), [charge, more]).services.map(({ quantity }) => quantity)).toEqual(['0', '0.3']);
  });

  it('names supplies by device, medication or code, with lot and unit', () => {
    const given = (id: string, more: object) => ({
      resourceType: 'MedicationAdministration',
      id,
      status: 'completed',
      ...more,
    });
    const dose = { dosage: { dose: { value: 2.5, unit: 'milliliter', code: 'mL' } } };
    const medication = { resourceType: 'Medication', code: coded('777'), batch: { lotNumber: 'B1' } };
    const parts = [
      given('1', { ...dose, medicationReference: { reference: 'https://ehr.example/fhir/Medication/m/_history/2' } }),
      given('2', { medicationReference: { reference: '#own' }, contained: [{ ...medication, id: 'own' }] }),
      { resourceType: 'Immunization', id: '3', status: 'completed', vaccineCode: coded('140'), lotNumber: 'L1' },
    ];
    const { supplies } = map(visit(), parts, { 'Medication/m': medication });
    expect(supplies.map(({ item, quantity, unit, lot }) => [item.code, quantity, unit, lot])).toEqual([
      ['777', '2.5', 'mL', 'B1'],
      ['777', '1', '{dose}', 'B1'],
      ['140', '1', '{dose}', 'L1'],
    ]);
  });

  it.each([
    [
      'a service has no code',
      [{ resourceType: 'Procedure', id: '1', status: 'completed', code: { text: 'words' } }],
      {},
    ],
    [
      'a device is not known yet',
      [{ resourceType: 'DeviceUseStatement', id: '1', status: 'completed', device: {} }],
      {},
    ],
    ['a charge is planned', [{ resourceType: 'ChargeItem', id: '1', status: 'planned', code: coded('1') }], {}],
    [
      'the coders say so',
      [],
      { extension: [{ url: 'https://concord.example/fhir/coding-status', valueCode: 'in-progress' }] },
    ],
  ])('is still being coded while %s', (_, parts, more) => {
    expect(map(visit(more), parts).codingStatus).toBe('in-progress');
    expect(map(visit()).codingStatus).toBe('complete');
  });

  it.each([
    ['an hour', '2026-03-02T10:00:00Z', 60],
    ['a day', '2026-03-03T09:00:00Z', 1440],
    ['a day and a second', '2026-03-03T09:00:01Z', 120],
    ['a week', '2026-03-09T09:00:00Z', 420],
    ['less than nothing', '2026-03-01T09:00:00Z', 0],
  ])('of %s takes its clinician %s minutes', (_, end, minutes) => {
    const participant = [{ individual: { reference: 'Practitioner/d1' } }];
    const period = { start: '2026-03-02T09:00:00Z', end };
    expect(map(visit({ participant, period })).clinicians).toEqual([
      { practitionerId: 'd1', role: 'physician', minutes },
    ]);
  });

  it('counts each presence of a clinician once, and only of clinicians', () => {
    const individual = { reference: 'Practitioner?identifier=http://hl7.org/fhir/sid/us-npi|9999974493' };
    const own = { start: '2026-03-02T09:00:00Z', end: '2026-03-02T09:10:00Z' };
    const participant = [
      { individual, type: [{ coding: [{ code: 'ATND' }] }] },
      { individual, type: [{ coding: [{ code: 'PPRF' }] }] },
      { individual, period: own },
      { individual: { reference: 'Practitioner/n1' }, type: [{ coding: [{ code: 'nurse' }] }], period: own },
      { individual: { reference: 'RelatedPerson/mother' } },
      {},
    ];
    expect(map(visit({ participant })).clinicians).toEqual([
      { practitionerId: '9999974493', npi: '9999974493', role: 'physician', minutes: 40, inCharge: true },
      { practitionerId: 'n1', role: 'nurse', minutes: 10 },
    ]);
    expect(map(visit()).clinicians).toEqual([]);
  });

  it.each([
    ['Practitioner?identifier=http://hl7.org/fhir/sid/us-npi|1234567893', '1234567893', '1234567893'],
    ['Practitioner?identifier=http%3A%2F%2Fhl7.org%2Ffhir%2Fsid%2Fus-npi%7C1234567893', '1234567893', '1234567893'],
    ['Practitioner?identifier=http://hl7.org/fhir/sid/us-npi|1234567890', '1234567890', undefined], // wrong check digit
    ['Practitioner?identifier=https://clinic.example/staff|1234567893', '1234567893', undefined],
    ['PractitionerRole?identifier=http://hl7.org/fhir/sid/us-npi|1234567893', '1234567893', undefined],
    ['Practitioner/1234567893', '1234567893', undefined],
  ])('whose clinician is %s knows them by %s, and as NPI %s', (reference, practitionerId, npi) => {
    const [clinician] = map(visit({ participant: [{ individual: { reference } }] })).clinicians;
    expect(clinician).toMatchObject({ practitionerId });
    expect(clinician?.npi).toBe(npi);
  });

  it('takes the NPI of an identifier, too, and nobody from a reference that may mean several', () => {
    const system = 'http://hl7.org/fhir/sid/us-npi';
    const participant = [
      { individual: { identifier: { system, value: '1234567893' } } },
      { individual: { reference: `Practitioner?identifier=${system}|1234567893,${system}|1999999984` } },
      { individual: { reference: `Practitioner?identifier=${system}|1234567893&active=true` } },
      { individual: { reference: 'Practitioner?identifier=%E0%A4%A' } },
    ];
    expect(map(visit({ participant })).clinicians).toEqual([
      { practitionerId: '1234567893', npi: '1234567893', role: 'physician', minutes: 30 },
    ]);
  });

  it('names its diagnoses once, and none that was refuted', () => {
    const condition = (id: string, code: string, status?: string) => ({
      resourceType: 'Condition',
      id,
      code: coded(code),
      verificationStatus: status && { coding: [{ code: status }] },
    });
    const mentioned = { 'Condition/c': condition('c', '3') };
    const { diagnoses } = map(
      visit(),
      [condition('a', '1'), condition('b', '1'), condition('d', '2', 'refuted')],
      mentioned,
    );
    expect(diagnoses.map(({ code }) => code)).toEqual(['1', '3']);
  });

  it('never takes the name of a person for that of a payer', () => {
    const claim = {
      resourceType: 'Claim',
      id: '1',
      status: 'active',
      insurance: [{ coverage: { reference: 'Coverage/c' } }],
    };
    const coverage = (payor: object) => ({ 'Coverage/c': { resourceType: 'Coverage', payor: [payor] } });
    const person = { reference: 'Patient/p', display: 'Testa Synthetica' };
    expect(map(visit(), [claim], coverage(person)).payer).toBe('no_insurance');
    expect(map(visit(), [claim], coverage({ display: 'medicare' })).payer).toBe('medicare');
    expect(map(visit(), [{ ...claim, insurance: [], insurer: { display: 'medicaid' } }]).payer).toBe('medicaid');
    expect(map(visit(), [claim]).payer).toBeUndefined();
  });

  it('reads what has the wrong type as absent', () => {
    const claim = { resourceType: 'Claim', id: '1', status: 'active', insurance: 'x', insurer: { display: 7 } };
    const condition = { resourceType: 'Condition', id: '2', code: coded('1'), verificationStatus: { coding: 'x' } };
    const mentioned = { 'Coverage/c': { resourceType: 'Coverage', payor: [null, 7], type: { coding: {} } } };
    const serviceProvider = { identifier: { system: 7, value: {} } };
    const content = map(visit({ serviceProvider, extension: 'x' }), [claim, condition], mentioned);
    expect(content).toMatchObject({ payer: undefined, diagnoses: [{ code: '1' }] });
  });
});
