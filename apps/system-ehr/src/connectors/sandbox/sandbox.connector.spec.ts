import { sql } from 'kysely';
import { encounterBundle } from '@concord/testing';
import { connectorConformance, recordConformance, visitBundle } from '../connector.conformance.js';
import { startRecord, type RecordUnderTest } from '../record.fixture.js';
import { SandboxConnector } from './sandbox.connector.js';

let sandbox: RecordUnderTest<SandboxConnector>;

beforeAll(async () => {
  sandbox = await startRecord((parts) => new SandboxConnector(parts));
});

afterAll(() => sandbox.stop());

connectorConformance('sandbox', () => ({
  ehr: sandbox.ehr,
  visit: async (wishes) => {
    const { encounterId, bundle } = visitBundle(wishes);
    await sandbox.ehr.receiveFhir(bundle);
    return encounterId;
  },
}));
recordConformance('sandbox', () => sandbox.ehr);

const SNOMED = 'http://snomed.info/sct';
const coded = (code: string, system = SNOMED) => ({ coding: [{ system, code }] });
const collection = (...resources: object[]) => ({
  resourceType: 'Bundle',
  type: 'collection',
  entry: resources.map((resource) => ({ resource })),
});
const encounter = (id: string, more: object = {}) => ({
  resourceType: 'Encounter',
  id,
  status: 'finished',
  class: { code: 'AMB' },
  type: [coded('185349003')],
  period: { start: '2026-03-02T09:00:00Z', end: '2026-03-02T09:30:00Z' },
  serviceProvider: { identifier: { system: 'urn:concord:facility', value: 'CLINIC-NORTH' } },
  ...more,
});
const procedure = (id: string, encounterId: string, code = '73761001') => ({
  resourceType: 'Procedure',
  id,
  status: 'completed',
  code: coded(code),
  encounter: { reference: `Encounter/${encounterId}` },
});
const deletion = (...keys: string[]) => ({
  resourceType: 'Bundle',
  type: 'batch',
  entry: keys.map((url) => ({ request: { method: 'DELETE', url } })),
});
const receive = async (json: object) => (await sandbox.ehr.receiveFhir(json)).encounters;
const codesOf = async (id: string) => (await sandbox.ehr.readEncounter(id)).services.map(({ code }) => code.code);

describe('A message that the sandbox takes in', () => {
  it('leads to one event with ids only, which names the raw message it came from', async () => {
    const { encounterId, bundle } = encounterBundle('one event');
    const { messageId } = await sandbox.ehr.receiveFhir(bundle);
    const events = (await sandbox.events.after(0, 10_000)).filter(({ subject }) => subject === encounterId);
    expect(events).toEqual([
      expect.objectContaining({
        id: `ehr:encounter:${encounterId}:v1`,
        type: 'org.concord.encounter.completed.v1',
        source: 'urn:concord:system:ehr',
        data: { encounterId, occurredAt: expect.any(String) },
      }),
    ]);
    const raw = await sandbox.events.rawMessage(messageId);
    expect(JSON.parse(raw!.body.toString())).toEqual(bundle);
  });

  it('leads to one event when it comes twenty times at once', async () => {
    const { encounterId, bundle } = encounterBundle('twenty at once');
    const all = await Promise.all(Array.from({ length: 20 }, () => receive(bundle)));
    const statuses = all.map(([receipt]) => receipt!.status);
    expect(statuses.filter((status) => status === 'accepted')).toHaveLength(1);
    expect(statuses.filter((status) => status === 'unchanged')).toHaveLength(19);
    await expect(sandbox.said(encounterId)).resolves.toEqual(['completed']);
  });

  it('leads to one event when its reply was lost and it comes again', async () => {
    const { encounterId, bundle } = encounterBundle('reply lost');
    sandbox.faults.fail('receiveFhir', { kind: 'reply-lost', times: 1 });
    await expect(receive(bundle)).rejects.toMatchObject({ slug: 'upstream-timeout' });
    await expect(receive(bundle)).resolves.toEqual([{ encounterId, status: 'unchanged' }]);
    await expect(sandbox.said(encounterId)).resolves.toEqual(['completed']);
  });

  it('may bring a hundred encounters at once, of which a broken one takes no other down', async () => {
    const sent = Array.from({ length: 100 }, (_, i) => encounterBundle(`together ${i}`));
    const broken = { resourceType: 'Encounter', id: 'broken', status: 'finished' };
    const all = await Promise.allSettled([...sent.map(({ bundle }) => receive(bundle)), receive(broken)]);
    expect(all.filter(({ status }) => status === 'fulfilled')).toHaveLength(100);
    for (const { encounterId } of sent) await expect(sandbox.said(encounterId)).resolves.toEqual(['completed']);
  });
});

describe('An encounter', () => {
  it('begins and then ends', async () => {
    await receive(encounter('begins', { status: 'arrived', period: { start: '2026-03-02T09:00:00Z' } }));
    await receive(encounter('begins', { status: 'in-progress', period: { start: '2026-03-02T09:00:00Z' } }));
    await receive(encounter('begins'));
    await expect(sandbox.said('begins')).resolves.toEqual(['started', 'completed']);
    await expect(sandbox.ehr.readEncounter('begins')).resolves.toMatchObject({ version: 2, status: 'finished' });
  });

  it('gathers the details that came before it', async () => {
    await expect(receive(procedure('early-1', 'late'))).resolves.toEqual([{ encounterId: 'late', status: 'waiting' }]);
    await receive(procedure('early-2', 'late', '23426006'));
    await expect(receive(encounter('late'))).resolves.toEqual([{ encounterId: 'late', status: 'accepted' }]);
    await expect(codesOf('late')).resolves.toEqual(['185349003', '73761001', '23426006']);
    await expect(sandbox.said('late')).resolves.toEqual(['completed']);
  });

  it.each([
    [0, 1, 2],
    [2, 1, 0],
    [1, 2, 0],
  ])('is the same in whatever order its details come: %i %i %i', async (...order) => {
    const id = `order-${order.join('')}`;
    const parts = [encounter(id), procedure(`${id}-1`, id), procedure(`${id}-2`, id, '23426006')];
    for (const at of order) await receive(parts[at]!);
    await expect(codesOf(id)).resolves.toEqual(['185349003', '73761001', '23426006']);
  });

  it('that is corrected has a new version and is announced anew', async () => {
    await receive(collection(encounter('corrected'), procedure('c-1', 'corrected')));
    await receive(collection(encounter('corrected'), procedure('c-1', 'corrected', '23426006')));
    await expect(codesOf('corrected')).resolves.toEqual(['185349003', '23426006']);
    await expect(sandbox.said('corrected')).resolves.toEqual(['completed', 'completed']);
  });

  it('loses a service that is deleted or was entered in error', async () => {
    await receive(collection(encounter('loses'), procedure('l-1', 'loses'), procedure('l-2', 'loses', '23426006')));
    await receive(deletion('Procedure/l-1'));
    await expect(codesOf('loses')).resolves.toEqual(['185349003', '23426006']);
    await receive({ ...procedure('l-2', 'loses', '23426006'), status: 'entered-in-error' });
    await expect(codesOf('loses')).resolves.toEqual(['185349003']);
    await expect(receive(deletion('Procedure/l-1'))).resolves.toEqual([]);
  });

  it('that moves a service to another encounter changes both', async () => {
    await receive(collection(encounter('from'), encounter('to'), procedure('m-1', 'from')));
    await receive(procedure('m-1', 'to'));
    await expect(codesOf('from')).resolves.toEqual(['185349003']);
    await expect(codesOf('to')).resolves.toEqual(['185349003', '73761001']);
  });

  it.each(['entered-in-error', 'cancelled'])('that was finished and is %s is cancelled, once', async (status) => {
    await receive(encounter(`undone-${status}`));
    await receive(encounter(`undone-${status}`, { status }));
    await receive(encounter(`undone-${status}`, { status, type: [coded('185345009')] }));
    await expect(sandbox.said(`undone-${status}`)).resolves.toEqual(['completed', 'cancelled']);
  });

  it('that is deleted is cancelled, and stays so when its details go too', async () => {
    await receive(collection(encounter('gone'), procedure('g-1', 'gone')));
    await expect(receive(deletion('Encounter/gone'))).resolves.toEqual([{ encounterId: 'gone', status: 'accepted' }]);
    await receive(deletion('Procedure/g-1'));
    await expect(sandbox.said('gone')).resolves.toEqual(['completed', 'cancelled']);
    await expect(sandbox.ehr.readEncounter('gone')).resolves.toMatchObject({ status: 'cancelled', version: 2 });
  });

  it('that never ended and is cancelled concerns nobody', async () => {
    await receive(encounter('no-show', { status: 'planned' }));
    await receive(encounter('no-show', { status: 'cancelled' }));
    await expect(sandbox.said('no-show')).resolves.toEqual([]);
  });

  it('is not set back by an older version of a resource that was overtaken', async () => {
    const at = (lastUpdated: string) => ({ meta: { lastUpdated } });
    await receive({ ...encounter('overtaken'), ...at('2026-03-02T10:00:00Z') });
    const older = { ...encounter('overtaken', { status: 'in-progress' }), ...at('2026-03-02T10:30:00+01:00') };
    await expect(receive(older)).resolves.toEqual([{ encounterId: 'overtaken', status: 'unchanged' }]);
    await expect(sandbox.said('overtaken')).resolves.toEqual(['completed']);
  });

  it.each([
    [0, 1, 2],
    [2, 1, 0],
    [1, 2, 0],
    [2, 0, 1],
  ])('knows the device used in its procedure, in whatever order they come: %i %i %i', async (...order) => {
    const id = `implant-${order.join('')}`;
    const use = {
      resourceType: 'DeviceUseStatement',
      id,
      status: 'completed',
      subject: { reference: 'Patient/p' },
      derivedFrom: [{ reference: `Procedure/${id}` }],
      device: { reference: `Device/${id}` },
    };
    const device = {
      resourceType: 'Device',
      id,
      udiCarrier: [{ deviceIdentifier: '00643169001763' }],
      lotNumber: 'L7',
    };
    const parts = [procedure(id, id), use, device];
    await receive(encounter(id));
    for (const at of order) await receive(parts[at]!);
    const { supplies, codingStatus } = await sandbox.ehr.readEncounter(id);
    const item = { system: 'http://hl7.org/fhir/NamingSystem/gs1-di', code: '00643169001763' };
    expect(supplies).toEqual([{ id: `DeviceUseStatement:${id}`, item, quantity: '1', unit: 'each', lot: 'L7' }]);
    expect(codingStatus).toBe('complete');
  });

  it('is paid by the coverage that came with it, and follows that coverage', async () => {
    const subject = { reference: 'Patient/insured' };
    const coverage = (text: string) => ({ resourceType: 'Coverage', id: 'cov', beneficiary: subject, type: { text } });
    await receive(collection(encounter('insured', { subject }), coverage('medicaid')));
    await expect(sandbox.ehr.readEncounter('insured')).resolves.toMatchObject({ payer: 'medicaid' });
    await receive(coverage('private'));
    await expect(sandbox.ehr.readEncounter('insured')).resolves.toMatchObject({ payer: 'private', version: 2 });
  });
});

describe('The sandbox', () => {
  it('knows forty patients and twelve practitioners from the start, and keeps all when it starts again', async () => {
    await receive(encounter('kept'));
    await sandbox.ehr.onModuleInit();
    await expect(sandbox.ehr.readEncounter('kept')).resolves.toMatchObject({ version: 1 });
    await expect(sandbox.ehr.read('patient', 'synthetic-patient-40')).resolves.toMatchObject({
      name: 'Testus Synthetica 40',
    });
    await expect(sandbox.ehr.read('practitioner', 'synthetic-practitioner-12')).resolves.toMatchObject({
      name: 'Dr. Testa Practica 12',
    });
  });

  it('holds no word of a patient in the clear', async () => {
    const patient = { name: 'Canaria', birthDate: '1901-02-03', recordNumber: 'CANARY-MRN-4711' };
    const { encounterId, bundle } = encounterBundle('canary', { patient });
    await sandbox.ehr.receiveFhir(bundle);
    await sandbox.ehr.receiveFhir({ ...bundle.entry[0]!.resource, id: 'canary-2' });
    await expect(sandbox.said(encounterId)).resolves.toEqual(['completed']);
    const dump = await everything(sandbox);
    expect(dump).toContain(encounterId);
    for (const word of Object.values(patient)) {
      for (const form of [
        word,
        word.toUpperCase(),
        Buffer.from(word).toString('hex'),
        Buffer.from(word).toString('base64').slice(0, -4),
      ]) {
        expect(dump).not.toContain(form);
      }
    }
  });

  it('does not open a body that was moved to another resource', async () => {
    await sql`update sandbox_ehr.resource set body = (
      select body from sandbox_ehr.resource where key = 'Patient/synthetic-patient-01'
    ) where key = 'Patient/synthetic-patient-02'`.execute(sandbox.database);
    await expect(sandbox.ehr.read('patient', 'synthetic-patient-02')).rejects.toThrow();
  });
});

/** Every row of every table as text, bytes as hex and as characters. */
async function everything({ database }: RecordUnderTest<SandboxConnector>): Promise<string> {
  const { rows: tables } = await sql<{ name: string }>`
    select format('%I.%I', table_schema, table_name) as name from information_schema.tables
    where table_schema not in ('pg_catalog', 'information_schema')`.execute(database);
  const texts = await Promise.all(
    tables.map(async ({ name }) => {
      const { rows } = await sql<{ row: string }>`select to_jsonb(t)::text as row from ${sql.raw(name)} t`.execute(
        database,
      );
      return rows.map(({ row }) => row);
    }),
  );
  const { rows: bodies } = await sql<{ body: Buffer }>`
    select body from sandbox_ehr.resource union all select body from events.raw_message`.execute(database);
  return [...texts.flat(), ...bodies.map(({ body }) => body.toString('latin1'))].join('\n');
}
