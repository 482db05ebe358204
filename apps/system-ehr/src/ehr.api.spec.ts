import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sql } from 'kysely';
import { HostConfig, startHost, type Host } from '@concord/api';
import type { Page } from '@concord/canonical';
import { Caller, encounterBundle, freePort, ok } from '@concord/testing';
import { adt, dft, ft1 } from './connectors/hl7v2/messages.fixture.js';
import type { InboundMessage } from './hl7v2.messages.dto.js';

const BASE = '/system/ehr/v1';
const REVISED = { revision: expect.any(String) as string, changedAt: expect.any(String) as string };
const dataDir = mkdtempSync(join(tmpdir(), 'concord-ehr-api-'));
let host: Host;
let ehr: Caller;
let operations: Caller;

beforeAll(async () => {
  process.env['MLLP_PORT'] = '0';
  const { default: ehrApi } = await import('./api.js');
  const config = Object.assign(new HostConfig(), { port: await freePort(), dataDir });
  host = await startHost({ definitions: [ehrApi], config });
  ehr = new Caller(host.url, 'ehr');
  operations = new Caller(host.url, 'operations');
});

afterAll(async () => {
  await Promise.all([ehr.close(), operations.close()]);
  await host.stop();
  rmSync(dataDir, { recursive: true });
});

const fhir = { headers: { 'content-type': 'application/fhir+json' } };
const sendHl7 = (text: string, contentType = 'application/hl7-v2') =>
  ehr.post<string>(`${BASE}/inbound/hl7v2`, text, { headers: { 'content-type': contentType } });

describe('The API of the health record', () => {
  it('takes in a bundle and answers 202 with what it was', async () => {
    const { encounterId, bundle } = encounterBundle('front');
    const answer = await ehr.post(`${BASE}/inbound/fhir`, bundle, fhir);
    expect(answer.status).toBe(202);
    expect(answer.body).toEqual({
      messageId: expect.stringMatching(/^fhir:/),
      encounters: [{ encounterId, status: 'accepted' }],
      resources: 4,
      duplicates: 0,
    });
    const read = ok(await operations.get(`${BASE}/encounters/${encounterId}`));
    expect(read).toMatchObject({ id: encounterId, status: 'finished', version: 1 });
    const listed = ok(await operations.get<{ items: object[] }>(`${BASE}/encounters?status=finished&page_size=500`));
    expect(listed.items).toContainEqual(read);
  });

  it('refuses what is wrong with its JSON pointer, and what is no JSON', async () => {
    const { bundle } = encounterBundle('front refused');
    const [, encounter] = bundle.entry;
    const broken = { ...encounter, resource: { ...encounter!.resource, class: {} } };
    const answer = await ehr.post(`${BASE}/inbound/fhir`, { ...bundle, entry: [broken] }, fhir);
    expect(answer).toMatchObject({
      status: 422,
      body: { code: 'validation-failed', errors: [{ pointer: '/entry/0/resource/class/code' }] },
    });
    await expect(ehr.post(`${BASE}/inbound/fhir`, '{', fhir)).resolves.toMatchObject({ status: 400 });
  });

  it('finds a clinician by NPI, and says which references to clinicians name nobody', async () => {
    const npi = 'http://hl7.org/fhir/sid/us-npi';
    const practitioner = (id: string, value: string) =>
      ehr.post(
        `${BASE}/inbound/fhir`,
        { resourceType: 'Practitioner', id, identifier: [{ system: npi, value }] },
        fhir,
      );
    ok(await practitioner('npi-1', '1234567893'));
    ok(await practitioner('npi-2', '1999999984'));
    const found = ok(await operations.get<Page<{ id: string }>>(`${BASE}/practitioners?npi=1234567893`));
    expect(found.items.map(({ id }) => id)).toEqual(['npi-1']);
    expect((await operations.get(`${BASE}/practitioners?npi=12345`)).status).toBe(422);

    const lossesOf = async (value: string) => {
      const { bundle } = encounterBundle(`reference ${value}`);
      const encounter = bundle.entry.find(({ resource }) => resource.resourceType === 'Encounter')!;
      Object.assign(encounter.resource, { participant: [{ individual: { reference: `Practitioner?${value}` } }] });
      const { messageId } = ok(await ehr.post<{ messageId: string }>(`${BASE}/inbound/fhir`, bundle, fhir));
      const { items } = ok(await operations.get<Page<InboundMessage>>(`${BASE}/messages/inbound`));
      const { losses } = items.find(({ id }) => id === messageId)!;
      return losses.filter(({ place }) => place.includes('individual')).map(({ reason }) => reason);
    };
    expect(await lossesOf(`identifier=${npi}|1234567893`)).toEqual([]);
    expect(await lossesOf(`identifier=${npi}|1234567890`)).toEqual(['is no NPI: its check digit is wrong']);
    const ambiguous = ['is not carried: it does not name one clinician by an identifier'];
    expect(await lossesOf(`identifier=${npi}|1234567893,${npi}|1999999984`)).toEqual(ambiguous);
    expect(await lossesOf('name=Practica')).toEqual(ambiguous);
  });

  it('keeps what came byte by byte, and says element by element what of it is not carried over', async () => {
    const { encounterId, bundle } = encounterBundle('evidence');
    const [, encounter] = bundle.entry;
    const more = { priority: { text: 'SECRET WORD' }, extension: [{ url: 'urn:vendor', valueString: 'SECRET' }] };
    const entry = [...bundle.entry, { ...encounter, resource: { ...encounter!.resource, ...more } }].slice(1);
    const observation = { resourceType: 'Observation', id: 'o-1', status: 'final', code: { text: 'SECRET' } };
    const text = JSON.stringify(
      { ...bundle, type: 'collection', entry: [...entry, { resource: observation }] },
      null,
      3,
    );
    const { messageId } = ok(await ehr.post<{ messageId: string }>(`${BASE}/inbound/fhir`, text, fhir));
    const { rows } = await sql<{ body: Buffer }>`
      select body from events.raw_message where id = ${messageId}`.execute(host.platform.database);
    expect(host.platform.vault.open(rows[0]!.body, messageId).toString()).toBe(text);
    const { items } = ok(await operations.get<Page<InboundMessage>>(`${BASE}/messages/inbound?outcome=mapped`));
    const message = items.find(({ id }) => id === messageId)!;
    expect(message).toMatchObject({ type: 'Bundle collection', outcome: 'mapped', faults: [] });
    const lost = Object.fromEntries(message.losses.map(({ place, reason }) => [place, reason]));
    expect(lost).toMatchObject({
      Observation: 'is not read: finance needs no such resource',
      'Encounter.priority.text': 'is not carried: nothing here needs it',
      'Encounter.extension': 'is an extension, and not mapped',
    });
    expect(lost).not.toHaveProperty(['Encounter.status']);
    expect(JSON.stringify(message)).not.toContain('SECRET');
    expect(ok(await operations.get(`${BASE}/encounters/${encounterId}`))).toMatchObject({ id: encounterId });
    const first = ok(await operations.get<Page<InboundMessage>>(`${BASE}/messages/inbound?page_size=1`));
    const [newest] = first.items;
    const since = async (moment: string) =>
      ok(await operations.get<Page<InboundMessage>>(`${BASE}/messages/inbound?changed_since=${moment}`)).items;
    expect((await since(newest!.changedAt)).map(({ id }) => id)).toContain(newest!.id);
    expect(await since(new Date(Date.parse(newest!.changedAt) + 1).toISOString())).toEqual([]);
    const second = await operations.get<Page<InboundMessage>>(
      `${BASE}/messages/inbound?page_size=1&page_token=${first.nextPageToken}`,
    );
    expect(ok(second).items.map(({ id }) => id)).not.toEqual(first.items.map(({ id }) => id));
  });

  it.each([
    ['without a content type', {}],
    ['of no FHIR', { 'content-type': 'application/fhir+json' }],
  ])('lets an empty notification through %s to its EHR, which is none that notifies', async (_, headers) => {
    const answer = await fetch(`${host.url}${BASE}/inbound/fhir-notifications`, { method: 'POST', headers });
    expect(answer.status).toBe(501);
    const elsewhere = await ehr.post(`${BASE}/inbound/fhir`, undefined, { headers });
    expect([400, 415, 422]).toContain(elsewhere.status);
  });

  it('answers HL7 v2 in HL7 v2: AA with 200, a refusal with 400', async () => {
    const taken = await sendHl7(adt('A03', { visit: 'F1', controlId: 'F1' }));
    expect(taken.status).toBe(200);
    expect(taken.headers['content-type']).toBe('application/hl7-v2; charset=utf-8');
    expect(taken.body).toMatch(/\rMSA\|AA\|F1\r$/);
    const refused = await sendHl7(adt('A03', { visit: '', controlId: 'F2' }), 'text/plain');
    expect([refused.status, refused.body]).toEqual([
      400,
      expect.stringMatching(/\rMSA\|AE\|F2\|.*\rERR\|\|PV1\^1\^19/),
    ]);
    for (const text of ['nothing of the kind', '']) {
      const unread = await sendHl7(text);
      expect([unread.status, unread.body]).toEqual([400, expect.stringContaining('MSA|AR')]);
    }
  });

  it('answers each message of a batch for itself', async () => {
    const messages = [
      adt('A03', { visit: 'B1', controlId: 'B1' }),
      adt('A03', { visit: '', controlId: 'B2' }),
      dft([ft1('A1')], { visit: 'B3', controlId: 'B3' }),
    ];
    const answer = await sendHl7(`FHS|^~\\&|X\rBHS|^~\\&|X\r${messages.join('')}BTS|3\rFTS|1\r`);
    expect(answer.status).toBe(400);
    expect(answer.body.match(/MSA\|A.\|B\d/g)).toEqual(['MSA|AA|B1', 'MSA|AE|B2', 'MSA|AA|B3']);
    const { services } = ok(await operations.get<{ services: object[] }>(`${BASE}/encounters/B3`));
    expect(services).toHaveLength(1);
  });

  it('names no patient to whom it is not said that he may know', async () => {
    const patient = ok(await operations.get(`${BASE}/patients/synthetic-patient-01`));
    expect(patient).toEqual({ id: 'synthetic-patient-01', gender: 'female', ...REVISED });
    const practitioner = ok(await operations.get(`${BASE}/practitioners/synthetic-practitioner-01`));
    expect(practitioner).toEqual({
      id: 'synthetic-practitioner-01',
      name: 'Dr. Testa Practica 01',
      familyName: 'Practica 01',
      givenName: 'Testa',
      ...REVISED,
    });
  });

  it('lets the sender write and not read, and the reader read and not write', async () => {
    await expect(ehr.get(`${BASE}/encounters/F1`)).resolves.toMatchObject({ status: 403 });
    const { bundle } = encounterBundle('front forbidden');
    await expect(operations.post(`${BASE}/inbound/fhir`, bundle, fhir)).resolves.toMatchObject({ status: 403 });
    await expect(operations.get(`${BASE}/encounters/nobody`)).resolves.toMatchObject({ status: 404 });
  });

  it('fails as it is told to', async () => {
    const fault = { operation: 'readEncounter', kind: 'unavailable', times: 1 };
    await expect(operations.post(`${BASE}/sandbox/faults`, fault)).resolves.toMatchObject({ status: 204 });
    await expect(operations.get(`${BASE}/encounters/F1`)).resolves.toMatchObject({ status: 503 });
    await expect(operations.get(`${BASE}/encounters/F1`)).resolves.toMatchObject({ status: 200 });
  });

  it('promises the acknowledgement in its contract', async () => {
    const contract = ok(await operations.get<{ paths: Record<string, never> }>(`${BASE}/openapi.json`));
    expect(contract.paths[`${BASE}/inbound/hl7v2`]).toMatchObject({
      post: {
        operationId: 'receiveHl7v2',
        responses: { 200: { content: { 'application/hl7-v2': {} } }, 400: { content: { 'application/hl7-v2': {} } } },
      },
    });
  });
});
