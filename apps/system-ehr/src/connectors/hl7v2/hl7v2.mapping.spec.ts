import fc from 'fast-check';
import { readHl7 } from '@concord/hl7v2';
import { adt, dft, ft1 } from './messages.fixture.js';
import { messageName } from './message-name.js';
import { statementsOf } from './statements.js';
import { encounterOfTellings, tellingsOf, type Telling } from './telling.js';

const PARTS = { receivedAt: new Date('2026-03-02T12:00:00.000Z'), digestOf: (text: string) => text };

/** What a message says of visits. */
const saidBy = (text: string) =>
  tellingsOf(statementsOf(readHl7(text), PARTS).statements ?? [], 'm').map(({ body }) => body as Telling);
const map = (...texts: string[]) => encounterOfTellings('V1', texts.flatMap(saidBy));
const statusAfter = (...events: string[]) => map(...events.map((event, i) => adt(event, { minute: i })))?.status;

describe('A visit that HL7 v2 tells of', () => {
  it.each([
    [['A01'], 'in-progress'],
    [['A04'], 'in-progress'],
    [['A05'], 'planned'],
    [['A05', 'A01'], 'in-progress'],
    [['A08'], 'in-progress'],
    [['A01', 'A03'], 'finished'],
    [['A01', 'A03', 'A08'], 'finished'],
    [['A01', 'A02', 'A06'], 'in-progress'],
    [['A01', 'A11'], 'cancelled'],
    [['A01', 'A11', 'A08'], 'cancelled'],
    [['A01', 'A03', 'A13'], 'in-progress'],
    [['A01', 'A03', 'A13', 'A03'], 'finished'],
  ])('stands after %j at %s', (events, status) => {
    expect(statusAfter(...events)).toBe(status);
  });

  it('is finished by a correction that tells of its discharge', () => {
    const { status, endedAt } = map(adt('A01'), adt('A08', { minute: 1, discharged: '20260302093000+0000' }))!;
    expect([status, endedAt]).toEqual(['finished', '2026-03-02T09:30:00.000Z']);
  });

  it('has no end any more once its discharge is taken back', () => {
    expect(map(adt('A03', { discharged: '20260302093000+0000' }), adt('A13', { minute: 1 }))!.endedAt).toBeUndefined();
  });

  it('is the same in whatever order its messages come', () => {
    const messages = [
      adt('A01'),
      adt('A08', { minute: 1, patientClass: 'I' }),
      adt('A03', { minute: 2, discharged: '20260302093000+0000' }),
      dft([ft1('99213', 'C4')], { minute: 3 }),
    ];
    const inOrder = map(...messages);
    const shuffled = fc.shuffledSubarray(messages, { minLength: 4, maxLength: 4 });
    fc.assert(fc.property(shuffled, (some) => expect(map(...some)).toEqual(inOrder)));
  });

  it('becomes canonical field by field', () => {
    expect(
      map(
        adt('A01', { patientClass: 'E', more: ['DG1|1||I10^Essential hypertension^I10', 'IN1|1|P1^Plan|C1|MEDICARE'] }),
        adt('A03', { minute: 1, patientClass: 'E', discharged: '20260302093000+0000' }),
      ),
    ).toEqual({
      id: 'V1',
      status: 'finished',
      class: 'emergency',
      serviceProvider: { system: 'urn:hl7v2:facility', value: 'CLINIC-NORTH' },
      startedAt: '2026-03-02T08:00:00.000Z',
      endedAt: '2026-03-02T09:30:00.000Z',
      codingStatus: 'complete',
      services: [],
      supplies: [],
      clinicians: [{ practitionerId: 'DOC1', role: 'physician', minutes: 90, inCharge: true }],
      diagnoses: [{ system: 'http://hl7.org/fhir/sid/icd-10-cm', code: 'I10', display: 'Essential hypertension' }],
      payer: 'MEDICARE',
    });
  });

  it('names nobody', () => {
    const text = JSON.stringify(map(adt('A01'), dft([ft1('A1')])));
    for (const word of ['SYNTHETICA', 'TESTA', 'TEST-MRN-1', '19700101']) expect(text).not.toContain(word);
  });
});

describe('Charges that HL7 v2 brings', () => {
  const chargesOf = (...texts: string[]) =>
    map(...texts)!.services.map(({ kind, code, quantity }) => `${kind} ${code.system} ${code.code} ${quantity}`);

  it('finish a visit that was never admitted, on the day of service', () => {
    const { status, class: kind, startedAt, endedAt } = map(dft([ft1('A1')]))!;
    expect([status, kind, startedAt, endedAt]).toEqual([
      'finished',
      'ambulatory',
      '2026-03-02T00:00:00.000Z',
      '2026-03-02T00:00:00.000Z',
    ]);
  });

  it('leave a visit open that is not discharged', () => {
    expect(map(adt('A01'), dft([ft1('A1')], { minute: 1 }))!.status).toBe('in-progress');
  });

  it('name their code systems, and the charge master where there is none', () => {
    const codes = [ft1('99213', 'C4'), ft1('J1885', 'HCPCS'), ft1('A1'), ft1('B1', 'L'), ft1('C1', '99CDM')];
    expect(chargesOf(dft(codes))).toEqual([
      'charge http://www.ama-assn.org/go/cpt 99213 1',
      'charge http://www.cms.gov/Medicare/Coding/HCPCSReleaseCodeSets J1885 1',
      'charge urn:concord:charge-code A1 1',
      'charge urn:concord:charge-code B1 1',
      'charge urn:concord:charge-code C1 1',
    ]);
  });

  it('add up, are reduced by credits, and vanish at nothing', () => {
    const first = dft([ft1('A1', '', { id: 'T1', quantity: '2' }), ft1('B1', '', { id: 'T2', quantity: '0.1' })]);
    const more = dft([ft1('A1', '', { id: 'T3', quantity: '1' }), ft1('B1', '', { id: 'T4', quantity: '0.2' })]);
    const credit = dft([ft1('A1', '', { id: 'T5', type: 'CD', quantity: '-3' }), ft1('P', '', { type: 'PY' })]);
    expect(chargesOf(first, more)).toEqual([
      'charge urn:concord:charge-code A1 3',
      'charge urn:concord:charge-code B1 0.3',
    ]);
    expect(chargesOf(first, more, credit)).toEqual(['charge urn:concord:charge-code B1 0.3']);
  });

  it('count once when their transaction is sent again in another message', () => {
    const charge = ft1('A1', '', { id: 'T1', quantity: '2' });
    expect(chargesOf(dft([charge]), dft([charge], { minute: 1 }))).toEqual(['charge urn:concord:charge-code A1 2']);
  });

  it('are still being coded while one of them has a code that cannot be carried', () => {
    expect(map(dft([ft1('A1'), ft1('A 1')]))!.codingStatus).toBe('in-progress');
  });

  it('take the place of the recorded procedures', () => {
    const recorded = adt('A03', { more: ['PR1|1||76164006^Biopsy of colon^SCT'] });
    expect(map(recorded)!.services).toMatchObject([{ kind: 'procedure', code: { code: '76164006' } }]);
    expect(map(recorded, dft([ft1('A1')], { minute: 1 }))!.services).toMatchObject([{ kind: 'charge' }]);
  });
});

describe('An HL7 v2 message', () => {
  it('of a type that says nothing of a visit changes nothing', () => {
    for (const event of ['A28', 'A31', 'A40'])
      expect(saidBy(adt(event, { more: ['MRG|TEST-MRN-2^^^TEST^MR'] }))).toEqual([]);
  });

  it.each([
    ['the number of the patient', 'TEST-MRN-1'],
    ['no word', 'V 1/2'],
  ])('is refused where the visit number is %s', (_, visit) => {
    expect(() => saidBy(adt('A01', { visit }))).toThrow(
      expect.objectContaining({ slug: 'malformed', errors: [expect.objectContaining({ pointer: 'PV1-19' })] }),
    );
  });

  it('is known by its sender, its control id and what it says, not by when it was sent', () => {
    const name = (text: string) => messageName(readHl7(text));
    const first = adt('A01', { controlId: 'C1' });
    expect(name(adt('A01', { controlId: 'C1', minute: 5 }))).toBe(name(first));
    expect(name(adt('A01', { controlId: 'C2' }))).not.toBe(name(first));
    expect(name(adt('A01', { controlId: 'C1', patientClass: 'I' }))).not.toBe(name(first));
    expect(name(adt('A01', { controlId: 'C1', facility: 'CLINIC-EAST' }))).not.toBe(name(first));
  });
});
