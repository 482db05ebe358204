import fc from 'fast-check';
import { sql } from 'kysely';
import { readHl7 } from '@concord/hl7v2';
import { startRecord, type RecordUnderTest } from '../record.fixture.js';
import type { Kind } from '../facts/statement.js';
import { openThing } from '../facts/thing.store.js';
import { Hl7v2Connector } from './hl7v2.connector.js';
import { adt, dft, ft1, hl7, pid } from './messages.fixture.js';

const REVISED = { revision: expect.any(String) as string, changedAt: expect.any(String) as string };

let record: RecordUnderTest<Hl7v2Connector>;

beforeAll(async () => {
  record = await startRecord((parts) => new Hl7v2Connector(parts));
});

afterAll(() => record.stop());

const receive = async (...texts: string[]) => {
  const receipts = [];
  for (const text of texts) receipts.push(await record.ehr.receiveHl7v2(readHl7(text)));
  return receipts;
};
const statusOf = async (visit: string) => (await record.ehr.readEncounter(visit)).status;
const END = '20260302093000+0000';

/** What the record knows of things of a kind, by the id where the sender's own is one. */
const known = async (kind: Kind) => {
  const { rows } = await sql<Parameters<typeof openThing>[1]>`
    select * from hl7v2_ehr.thing where kind = ${kind} order by changed_at`.execute(record.database);
  return rows.map((row) => openThing(record.vault, row));
};
const factsOf = async (kind: Kind, id: string) =>
  Object.fromEntries(
    (await known(kind))
      .find((thing) => thing.id === id)
      ?.sheet.those('')
      .map(({ name, value }) => [name, value]) ?? [],
  );
const patientIds = async (name: string) =>
  (await known('patient')).filter(({ sheet }) => sheet.value('name') === name).map(({ id }) => id);

describe('A visit that HL7 v2 tells of', () => {
  it.each([
    ['A01', ['A01'], 'in-progress'],
    ['A05', ['A05'], 'planned'],
    ['A08 alone', ['A08'], 'in-progress'],
    ['a discharge', ['A01', 'A03'], 'finished'],
    ['a correction after the discharge', ['A01', 'A03', 'A08'], 'finished'],
    ['a transfer', ['A01', 'A02'], 'in-progress'],
    ['a cancelled admission', ['A01', 'A11', 'A08'], 'cancelled'],
    ['a cancelled discharge', ['A01', 'A03', 'A13'], 'in-progress'],
    ['a second discharge', ['A01', 'A03', 'A13', 'A03'], 'finished'],
  ])('stands after %s as it must', async (name, events, status) => {
    const visit = name.replaceAll(' ', '-');
    await receive(...events.map((event, minute) => adt(event, { visit, minute })));
    await expect(statusOf(visit)).resolves.toBe(status);
  });

  it('is the same in whatever order its messages come, and however often', async () => {
    let visits = 0;
    const told = (visit: string) => [
      adt('A01', { visit, controlId: `${visit}-1` }),
      adt('A08', { visit, controlId: `${visit}-2`, minute: 1, patientClass: 'I' }),
      adt('A03', { visit, controlId: `${visit}-3`, minute: 2, patientClass: 'I', discharged: END }),
      dft([ft1('99213', 'C4', { id: 'T1' }), ft1('A1', '', { id: 'T2' })], {
        visit,
        controlId: `${visit}-4`,
        minute: 3,
      }),
    ];
    await receive(...told('INORDER'));
    const {
      id: _,
      version: __,
      revision: ___,
      changedAt: ____,
      ...inOrder
    } = await record.ehr.readEncounter('INORDER');
    expect(inOrder).toMatchObject({
      status: 'finished',
      class: 'inpatient',
      services: [{ code: { code: '99213' } }, { code: { code: 'A1' } }],
    });
    const order = fc
      .array(fc.nat(3), { minLength: 0, maxLength: 3 })
      .chain((again) => fc.shuffledSubarray([0, 1, 2, 3, ...again], { minLength: 4 + again.length }));
    await fc.assert(
      fc.asyncProperty(order, async (sequence) => {
        const visit = `ANY-${(visits += 1)}`;
        const messages = told(visit);
        await receive(...sequence.map((at) => messages[at]!));
        const {
          id: _,
          version: __,
          revision: ___,
          changedAt: ____,
          ...encounter
        } = await record.ehr.readEncounter(visit);
        expect(encounter).toEqual(inOrder);
      }),
      { numRuns: 25 },
    );
  });

  it('keeps what a message leaves out, and loses what it deletes', async () => {
    await receive(adt('A01', { visit: 'DEL', more: ['DG1|1||I10^Essential hypertension^I10', 'IN1|1|P1||MEDICARE'] }));
    await receive(adt('A08', { visit: 'DEL', minute: 1 }));
    await expect(record.ehr.readEncounter('DEL')).resolves.toMatchObject({
      diagnoses: [{ code: 'I10' }],
      payer: 'MEDICARE',
    });
    await receive(adt('A08', { visit: 'DEL', minute: 2, more: ['DG1|1||""', 'IN1|1|P1||""'] }));
    const { diagnoses, payer } = await record.ehr.readEncounter('DEL');
    expect([diagnoses, payer]).toEqual([[], undefined]);
  });

  it('takes diagnoses one by one where they say what to do with each, and all of them where they do not', async () => {
    const dg1 = (code: string, action = '') => `DG1|1||${code}^^I10${action && '|'.repeat(18)}${action}`;
    const codes = async () => (await record.ehr.readEncounter('DIAG')).diagnoses.map(({ code }) => code);
    await receive(adt('A01', { visit: 'DIAG', more: [dg1('A1'), dg1('B1')] }));
    await receive(adt('A08', { visit: 'DIAG', minute: 1, more: [dg1('C1', 'A'), dg1('A1', 'D')] }));
    await expect(codes()).resolves.toEqual(['B1', 'C1']);
    await receive(adt('A08', { visit: 'DIAG', minute: 2, more: [dg1('A1')] }));
    await expect(codes()).resolves.toEqual(['A1']);
  });

  it('says once what came twice, and says it again when it changes', async () => {
    const discharge = adt('A03', { visit: 'EV', controlId: 'EV-1', discharged: END });
    const [first, second] = await receive(discharge, discharge);
    expect([first, second]).toMatchObject([
      { encounters: [{ encounterId: 'EV', status: 'accepted' }], duplicates: 0 },
      { encounters: [{ encounterId: 'EV', status: 'unchanged' }], messageId: first!.messageId },
    ]);
    await receive(dft([ft1('A1')], { visit: 'EV', minute: 1 }));
    await expect(record.said('EV')).resolves.toEqual(['completed', 'completed']);
    await receive(adt('A13', { visit: 'EV', minute: 2 }));
    await expect(record.said('EV')).resolves.toEqual(['completed', 'completed', 'cancelled']);
  });

  it('is not set back by an admission that is sent once more, under a new time', async () => {
    const again = (sent: string) => adt('A01', { visit: 'BACK', controlId: 'BACK-1' }).replace('20260302090000', sent);
    await receive(again('20260302090000'), adt('A03', { visit: 'BACK', minute: 5, discharged: END }));
    await receive(again('20260302100000'));
    await expect(statusOf('BACK')).resolves.toBe('finished');
  });

  it('is not kept from changing by a clock that runs a year ahead', async () => {
    await receive(adt('A01', { visit: 'AHEAD' }).replace('20260302090000', '20990302090000'));
    await receive(adt('A03', { visit: 'AHEAD', discharged: END }).replace('20260302090000', '20990302090001'));
    await expect(statusOf('AHEAD')).resolves.toBe('finished');
  });

  it('keeps Z-segments as they came', async () => {
    await receive(adt('A01', { visit: 'ZSEG', more: ['ZBX|1|own^words|"|é'] }));
    await expect(factsOf('encounter', 'ZSEG')).resolves.toMatchObject({ 'segment:ZBX:1': 'ZBX|1|own^words|"|é' });
  });
});

describe('A charge', () => {
  const charged = async (visit: string) =>
    (await record.ehr.readEncounter(visit)).services.map(({ code, quantity }) => `${code.code} ${quantity}`);

  it('adds up with others of its code, is reduced by credits, and vanishes at nothing', async () => {
    await receive(
      dft([ft1('A1', '', { id: 'T1', quantity: '2' }), ft1('B1', '', { id: 'T2', quantity: '0.1' })], { visit: 'C1' }),
    );
    await receive(
      dft([ft1('A1', '', { id: 'T3' }), ft1('B1', '', { id: 'T4', quantity: '0.2' })], { visit: 'C1', minute: 1 }),
    );
    await expect(charged('C1')).resolves.toEqual(['A1 3', 'B1 0.3']);
    await receive(
      dft([ft1('A1', '', { id: 'T5', type: 'CD', quantity: '-3' }), ft1('P', '', { type: 'PY' })], {
        visit: 'C1',
        minute: 2,
      }),
    );
    await expect(charged('C1')).resolves.toEqual(['B1 0.3']);
  });

  it('counts once under its number, with the quantity that was said last', async () => {
    await receive(dft([ft1('A1', '', { id: 'T1', quantity: '2' })], { visit: 'C2' }));
    await receive(dft([ft1('A1', '', { id: 'T1', quantity: '5' })], { visit: 'C2', minute: 1 }));
    await receive(dft([ft1('A1', '', { id: 'T1', quantity: '2' })], { visit: 'C2', minute: 0 }));
    await expect(charged('C2')).resolves.toEqual(['A1 5']);
  });

  it('without a number counts for each message', async () => {
    await receive(dft([ft1('A1'), ft1('A1')], { visit: 'C3' }), dft([ft1('A1')], { visit: 'C3', minute: 1 }));
    await expect(charged('C3')).resolves.toEqual(['A1 3']);
  });

  it('takes the place of what was recorded, and is not complete while its code cannot be carried', async () => {
    await receive(adt('A03', { visit: 'C4', discharged: END, more: ['PR1|1||76164006^Biopsy of colon^SCT'] }));
    await expect(charged('C4')).resolves.toEqual(['76164006 1']);
    await receive(dft([ft1('A1'), ft1('A 1')], { visit: 'C4', minute: 1 }));
    await expect(charged('C4')).resolves.toEqual(['A1 1']);
    await expect(record.ehr.readEncounter('C4')).resolves.toMatchObject({ codingStatus: 'in-progress' });
  });
});

describe('A patient', () => {
  const person = (mrn: string, name: string) => pid(`${mrn}^^^TEST^MR`, name);

  it('is known by an id that says nothing, and keeps what is not said anew', async () => {
    await receive(hl7('ADT', 'A28', ['PID|1||TEST-MRN-P1^^^TEST^MR||PERSONA^TESTA||19700101|F']));
    const [id] = await patientIds('TESTA PERSONA');
    expect(id).toMatch(/^p-[\w-]{22}$/);
    await receive(hl7('ADT', 'A31', ['PID|1||TEST-MRN-P1^^^TEST^MR||PERSONA^TESTINE||""'], { minute: 1 }));
    await expect(record.ehr.read('patient', id!)).resolves.toEqual({
      ...REVISED,
      id,
      name: 'TESTINE PERSONA',
      birthDate: undefined,
      recordNumber: 'TEST-MRN-P1',
      gender: 'female',
    });
  });

  it('that was merged is found under both numbers, and its visits go on', async () => {
    await receive(adt('A01', { visit: 'MERGE', patient: person('TEST-MRN-OLD', 'OLDA^TESTA') }));
    await receive(hl7('ADT', 'A28', [person('TEST-MRN-NEW', 'NEWA^TESTA')]));
    const [[gone], [stays]] = [await patientIds('TESTA OLDA'), await patientIds('TESTA NEWA')];
    await receive(
      hl7('ADT', 'A40', [person('TEST-MRN-NEW', 'NEWA^TESTA'), 'MRG|TEST-MRN-OLD^^^TEST^MR'], { minute: 3 }),
    );
    await expect(record.ehr.read('patient', gone!)).resolves.toMatchObject({ id: stays, name: 'TESTA NEWA' });
    await receive(
      adt('A03', { visit: 'MERGE', minute: 4, discharged: END, patient: person('TEST-MRN-OLD', 'OLDA^TESTA') }),
    );
    await expect(record.ehr.read('patient', gone!)).resolves.toMatchObject({ id: stays, name: 'TESTA NEWA' });
    await expect(record.said('MERGE')).resolves.toEqual(['started', 'completed']);
  });

  it('is found through a chain of merges, and through one that goes in a circle', async () => {
    const merge = (gone: string, stays: string, minute: number) =>
      hl7('ADT', 'A40', [person(stays, `${stays}^X`), `MRG|${gone}^^^TEST^MR`], { minute });
    await receive(hl7('ADT', 'A28', [person('R1', 'R1^X')]), merge('R1', 'R2', 1), merge('R2', 'R3', 2));
    const [r1] = await patientIds('X R1');
    await expect(record.ehr.read('patient', r1!)).resolves.toMatchObject({ name: 'X R3' });
    await receive(merge('R3', 'R1', 3));
    await expect(record.ehr.read('patient', r1!)).resolves.toMatchObject({ name: expect.stringMatching(/^X R\d$/) });
  });
});

describe('Appointments, orders, results and master files', () => {
  const sch = (number: string, start: string) =>
    `SCH||${number}|||||CHECKUP^Check-up^L|ROUTINE^^L|30|min|^^^${start}+0000`;
  const resources = ['RGS|1', 'AIS|1|A|76164006^Biopsy^SCT', 'AIL|1|A|W1^R1^B1^NORTH', 'AIP|1|A|DOC7^PRACTICA^TESTA'];

  it('follow a booking that is moved, and then cancelled', async () => {
    await receive(hl7('SIU', 'S12', [sch('AP1', '20260401090000'), pid(), ...resources]));
    await expect(factsOf('appointment', 'AP1')).resolves.toMatchObject({
      status: 'booked',
      startsAt: '2026-04-01T09:00:00.000Z',
      endsAt: '2026-04-01T09:30:00.000Z',
      service: { system: 'http://snomed.info/sct', code: '76164006' },
      practitionerIds: ['DOC7'],
      locationId: 'NORTH:W1:R1:B1',
      patientId: expect.stringMatching(/^p-/),
    });
    await receive(hl7('SIU', 'S13', [sch('AP1', '20260402100000'), pid()], { minute: 1 }));
    await receive(hl7('SIU', 'S12', [sch('AP1', '20260401090000'), pid()], { minute: 0 })); // overtaken on its way
    await expect(factsOf('appointment', 'AP1')).resolves.toMatchObject({ startsAt: '2026-04-02T10:00:00.000Z' });
    await receive(hl7('SIU', 'S15', [sch('AP1', '20260402100000'), pid()], { minute: 2 }));
    await expect(factsOf('appointment', 'AP1')).resolves.toMatchObject({ status: 'cancelled' });
    await receive(hl7('SIU', 'S26', [sch('AP1', '20260402100000'), pid()], { minute: 3 }));
    await expect(factsOf('appointment', 'AP1')).resolves.toMatchObject({ status: 'noshow' });
  });

  it('know each order of a message by its number', async () => {
    const order = (control: string, number: string, code: string) => [
      `ORC|${control}|${number}|F-${number}||||||20260302091500+0000|||DOC8^PRACTICA^TESTO`,
      `OBR|1|${number}|F-${number}|${code}^In words^LN`,
    ];
    await receive(
      hl7('ORM', 'O01', [pid(), 'PV1|1|O', ...order('NW', 'O1', '2345-7'), ...order('NW', 'O2', '6690-2')]),
    );
    await receive(hl7('OMG', 'O19', [pid(), ...order('CA', 'O2', '6690-2')], { minute: 1 }));
    await expect(factsOf('order', 'O1')).resolves.toMatchObject({
      status: 'active',
      code: { system: 'http://loinc.org', code: '2345-7' },
      orderedAt: '2026-03-02T09:15:00.000Z',
      practitionerId: 'DOC8',
    });
    await expect(factsOf('order', 'O2')).resolves.toMatchObject({ status: 'revoked' });
    await expect(record.ehr.read('practitioner', 'DOC8')).resolves.toEqual({
      ...REVISED,
      id: 'DOC8',
      name: 'TESTO PRACTICA',
      familyName: 'PRACTICA',
      givenName: 'TESTO',
      npi: undefined,
    });
  });

  it('keep results as they came', async () => {
    const obx = 'OBX|1|NM|2345-7^Glucose^LN||182|mg/dL|70-105|H|||F';
    await receive(hl7('ORU', 'R01', [pid(), 'OBR|1|O1|F-O1|2345-7^Glucose^LN|||20260302090000+0000', obx]));
    const results = (await known('result')).map(({ sheet }) => sheet.value<{ segment: string }[]>('observations'));
    expect(results).toContainEqual([expect.objectContaining({ id: '2345-7', segment: obx })]);
  });

  it('learn staff and places from master files, which outweigh what was mentioned in passing', async () => {
    await receive(adt('A01', { visit: 'MFN', attending: 'DOC9^PASSING^IN', location: 'W9^R9^B9^NORTH' }));
    await expect(record.ehr.read('practitioner', 'DOC9')).resolves.toMatchObject({ name: 'IN PASSING' });
    const mfe = (key: string) => `MFE|MUP|1|20260302|${key}|CWE`;
    await receive(
      hl7('MFN', 'M02', [
        'MFI|PRA|HUB|UPD',
        mfe('DOC9'),
        'STF|DOC9|DOC9|PRACTICA^TESTINE^^^Dr.|MD',
        'PRA|DOC9|||||9999999999^NPI',
      ]),
      hl7('MFN', 'M05', ['MFI|LOC|HUB|UPD', mfe('W9^R9^B9^NORTH'), 'LOC|W9^R9^B9^NORTH|Bed by the window|B']),
      adt('A08', { visit: 'MFN', minute: 5, attending: 'DOC9^PASSING^IN', location: 'W9^R9^B9^NORTH' }),
    );
    await expect(record.ehr.read('practitioner', 'DOC9')).resolves.toEqual({
      ...REVISED,
      id: 'DOC9',
      name: 'Dr. TESTINE PRACTICA',
      familyName: 'PRACTICA',
      givenName: 'TESTINE',
      npi: '9999999999',
    });
    const { items } = await record.ehr.list('practitioner', { npi: '9999999999' });
    expect(items.map(({ id }) => id)).toEqual(['DOC9']);
    await expect(factsOf('location', 'NORTH:W9:R9:B9')).resolves.toMatchObject({
      name: 'Bed by the window',
      kind: 'bed',
      status: 'active',
    });
    await receive(
      hl7('MFN', 'M05', ['MFI|LOC|HUB|UPD', mfe('W9').replace('MUP', 'MDC'), 'LOC|W9^R9^B9^NORTH'], { minute: 6 }),
    );
    await expect(factsOf('location', 'NORTH:W9:R9:B9')).resolves.toMatchObject({ status: 'inactive' });
  });
});

describe('The record', () => {
  it('notes of each message what was lost of it, field by field, without a value', async () => {
    await receive(
      adt('A01', {
        visit: 'LOSS',
        controlId: 'LOSS-1',
        patient: `${pid()}|||SECRET STREET 1`,
        more: ['NK1|1|SECRETA^X', 'ZZZ|SECRET'],
      }),
    );
    const { rows } = await sql<{ losses: { place: string; reason: string }[]; type: string; outcome: string }>`
      select m.type, m.outcome, l.losses from hl7v2_ehr.message m join hl7v2_ehr.loss l on l.id = m.loss_id
      order by position desc limit 1`.execute(record.database);
    expect(rows[0]).toMatchObject({ type: 'ADT^A01', outcome: 'mapped' });
    const places = rows[0]!.losses.map(({ place }) => place);
    expect(places).toEqual(expect.arrayContaining(['PID-11', 'NK1', 'ZZZ']));
    expect(places).not.toEqual(expect.arrayContaining(['PID-3']));
    expect(JSON.stringify(rows)).not.toContain('SECRET');
  });

  it('holds no word of a patient in the clear', async () => {
    await receive(adt('A01', { visit: 'CLEAR', patient: 'PID|1||CANARY-MRN-1^^^T^MR||CANARIA^TESTA||19010203|F' }));
    const { rows } = await sql<{ row: string }>`
      select to_jsonb(t)::text as row from hl7v2_ehr.thing t union all select to_jsonb(t)::text from hl7v2_ehr.message t
      union all select to_jsonb(t)::text from hl7v2_ehr.encounter t union all select to_jsonb(t)::text from events.event t
      `.execute(record.database);
    const text = rows.map(({ row }) => row).join('\n');
    expect(text).toContain('CLEAR');
    for (const word of ['CANARIA', 'CANARY-MRN-1', '19010203', '1901-02-03']) {
      expect(text).not.toContain(word);
      expect(text).not.toContain(Buffer.from(word).toString('hex'));
    }
  });

  it('refuses a visit whose number is the number of the patient, at its place', async () => {
    const refusal = record.ehr.receiveHl7v2(readHl7(adt('A01', { visit: 'TEST-MRN-1' })));
    await expect(refusal).rejects.toMatchObject({ slug: 'malformed', errors: [{ pointer: 'PV1-19' }] });
  });
});
