/**
 * What every connector for an electronic health record must do, whatever stands behind it. A connector's own spec calls
 * this with the connector and a way to make its EHR speak.
 */
import { randomUUID } from 'node:crypto';
import type { Encounter, Page } from '@concord/canonical';
import { readHl7 } from '@concord/hl7v2';
import { encounterBundle, type EncounterWishes } from '@concord/testing';
import type { EhrConnector } from '../connector.js';
import { EHR_KINDS } from '../resources.js';

const REVISED = { revision: expect.any(String) as string, changedAt: expect.any(String) as string };

/** A connector under test, and how the EHR behind it is made to speak. */
export interface EhrUnderTest {
  readonly ehr: EhrConnector;
  /** The EHR records this visit, and its connector hears of it; resolves with its id when the encounter can be read. */
  visit(wishes: VisitWishes): Promise<string>;
}

/** A visit that every EHR can tell of, in whatever format it speaks. */
export interface VisitWishes {
  readonly facility: string;
  readonly status: 'in-progress' | 'finished';
  /** In UTC. */
  readonly start: string;
  readonly minutes: number;
}

/** What holds for every connector, whatever the EHR speaks. */
export function connectorConformance(name: string, underTest: () => EhrUnderTest): void {
  const ehr = () => underTest().ehr;
  const wishes = { facility: 'CLINIC-NORTH', status: 'finished', start: '2026-03-02T15:00:00Z', minutes: 30 } as const;

  describe(`The ${name} connector of the health record`, () => {
    it('reads a visit that the EHR told of, with its revision', async () => {
      const id = await underTest().visit(wishes);
      const encounter = await ehr().readEncounter(id);
      expect(encounter).toMatchObject({
        id,
        status: 'finished',
        serviceProvider: { value: 'CLINIC-NORTH' },
        startedAt: '2026-03-02T15:00:00.000Z',
        endedAt: '2026-03-02T15:30:00.000Z',
        revision: expect.stringMatching(/^[!#-~]{1,200}$/),
        changedAt: expect.stringMatching(/^\d{4}-\d\d-\d\dT.+Z$/),
      });
      await expect(ehr().readEncounter(id)).resolves.toEqual(encounter);
      await expect(ehr().readEncounter('nobody')).rejects.toMatchObject({ slug: 'not-found' });
    });

    it('pages through encounters in the order they changed, each once', async () => {
      const told: string[] = [];
      for (let i = 0; i < 5; i += 1) told.push(await underTest().visit({ ...wishes, status: 'in-progress' }));
      const seen: Encounter[] = [];
      let page_token: string | undefined;
      do {
        const page = await ehr().listEncounters({ status: 'in-progress', page_size: 2, page_token });
        expect(page.items.every(({ status }) => status === 'in-progress')).toBe(true);
        seen.push(...page.items);
        page_token = page.nextPageToken;
      } while (page_token);
      expect(new Set(seen.map(({ id }) => id)).size).toBe(seen.length);
      expect(seen.map(({ id }) => id)).toEqual(expect.arrayContaining(told));
      const changes = seen.map(({ changedAt }) => changedAt);
      expect([...changes].sort()).toEqual(changes);
    });

    it('tells what changed since a moment, and refuses the token of another list', async () => {
      const id = await underTest().visit(wishes);
      const { changedAt } = await ehr().readEncounter(id);
      const since = await ehr().listEncounters({ changed_since: changedAt });
      expect(since.items.map((one) => one.id)).toContain(id);
      const changed_since = new Date(Date.now() + 60_000).toISOString();
      await expect(ehr().listEncounters({ changed_since })).resolves.toEqual({ items: [] });
      const page_token = Buffer.from('"7"').toString('base64url');
      await expect(ehr().listEncounters({ page_token })).rejects.toMatchObject({ slug: 'validation-failed' });
    });

    it.each(EHR_KINDS)('lists and reads each %s, or says that the EHR does not tell of any', async (kind) => {
      if (!ehr().kinds.has(kind)) {
        await expect(ehr().list(kind, {})).rejects.toMatchObject({ slug: 'not-supported' });
        await expect(ehr().read(kind, 'nobody')).rejects.toMatchObject({ slug: 'not-supported' });
        return;
      }
      const all = await everyPage((page_token) => ehr().list(kind, { page_token, page_size: 500 }));
      const inPages = await everyPage((page_token) => ehr().list(kind, { page_token, page_size: 7 }));
      expect(inPages.map(({ id }) => id)).toEqual(all.map(({ id }) => id));
      expect(new Set(all.map(({ id }) => id)).size).toBe(all.length);
      for (const one of all.slice(0, 3)) await expect(ehr().read(kind, one.id)).resolves.toEqual(one);
      const last = all.at(-1);
      if (last) {
        const since = await everyPage((page_token) => ehr().list(kind, { page_token, changed_since: last.changedAt }));
        expect(since.map(({ id }) => id)).toContain(last.id);
        expect(since.every(({ changedAt }) => changedAt >= last.changedAt)).toBe(true);
      }
      await expect(ehr().read(kind, 'nobody')).rejects.toMatchObject({ slug: 'not-found' });
      const changed_since = new Date(Date.now() + 60_000).toISOString();
      await expect(everyPage((page_token) => ehr().list(kind, { page_token, changed_since }))).resolves.toEqual([]);
      const page_token = Buffer.from('"7"').toString('base64url');
      await expect(ehr().list(kind, { page_token })).rejects.toMatchObject({ slug: 'validation-failed' });
    });
  });
}

async function everyPage<T>(read: (token: string | undefined) => Promise<Page<T>>): Promise<T[]> {
  const items: T[] = [];
  let token: string | undefined;
  do {
    const page = await read(token);
    items.push(...page.items);
    token = page.nextPageToken;
  } while (token !== undefined);
  return items;
}

/** The visit as a FHIR bundle, for EHRs that speak it. */
export const visitBundle = ({ facility, status, start, minutes }: VisitWishes) =>
  encounterBundle(randomUUID(), { facility, status, start, minutes });

/** What holds for a connector that keeps a record of its own out of what it is sent, in FHIR and in HL7 v2. */
export function recordConformance(name: string, ehr: () => EhrConnector): void {
  const visit = (wishes: EncounterWishes = {}) => encounterBundle(randomUUID(), wishes);
  const send = async (wishes: EncounterWishes = {}) => {
    const { encounterId, bundle } = visit(wishes);
    return { encounterId, bundle, receipt: await ehr().receiveFhir(bundle) };
  };

  describe(`The record of the ${name} connector`, () => {
    it('reads a finished encounter as finance needs it', async () => {
      const wishes = { start: '2026-03-02T09:00:00-06:00', procedures: ['73761001'], payer: 'medicare' };
      const { encounterId, receipt } = await send(wishes);
      expect(receipt).toMatchObject({ encounters: [{ encounterId, status: 'accepted' }], resources: 5, duplicates: 0 });
      const encounter = await ehr().readEncounter(encounterId);
      expect(encounter).toMatchObject({
        id: encounterId,
        version: 1,
        status: 'finished',
        class: 'ambulatory',
        serviceProvider: { system: 'urn:concord:facility', value: 'CLINIC-NORTH' },
        startedAt: '2026-03-02T15:00:00.000Z',
        endedAt: '2026-03-02T15:30:00.000Z',
        codingStatus: 'complete',
        clinicians: [{ role: 'physician', minutes: 30 }],
        supplies: [{ item: { system: 'http://hl7.org/fhir/sid/cvx', code: '140' }, quantity: '1', unit: '{dose}' }],
        payer: 'medicare',
      });
      const services = encounter.services.map(({ kind, code, quantity }) => `${kind} ${code.code} ${quantity}`);
      expect(services.sort()).toEqual(['immunization 140 1', 'procedure 73761001 1', 'visit 185349003 1']);
    });

    it('says nothing new when the same comes again', async () => {
      const { encounterId, bundle, receipt } = await send();
      await expect(ehr().receiveFhir(bundle)).resolves.toEqual({
        messageId: receipt.messageId,
        encounters: [{ encounterId, status: 'unchanged' }],
        resources: 4,
        duplicates: 4,
      });
      await expect(ehr().readEncounter(encounterId)).resolves.toMatchObject({ version: 1 });
    });

    it('does not know an encounter of which only details came', async () => {
      const { encounterId, bundle } = visit();
      const details = {
        ...bundle,
        entry: bundle.entry.filter(({ resource }) => resource.resourceType !== 'Encounter'),
      };
      const receipt = await ehr().receiveFhir(details);
      expect(receipt.encounters).toEqual([{ encounterId, status: 'waiting' }]);
      await expect(ehr().readEncounter(encounterId)).rejects.toMatchObject({ slug: 'not-found' });
    });

    it('refuses what is not FHIR at its place, and keeps nothing of it', async () => {
      const { encounterId, bundle } = visit();
      const [first, second] = bundle.entry;
      const broken = { ...second, resource: { ...second!.resource, status: 'done' } };
      const refusal = ehr().receiveFhir({ ...bundle, entry: [first, broken] });
      await expect(refusal).rejects.toMatchObject({
        slug: 'validation-failed',
        errors: [{ pointer: '/entry/1/resource/status', code: 'code' }],
      });
      await expect(ehr().readEncounter(encounterId)).rejects.toMatchObject({ slug: 'not-found' });
      await expect(ehr().read('patient', first!.resource.id)).rejects.toMatchObject({ slug: 'not-found' });
    });

    it('reads an encounter that HL7 v2 told of', async () => {
      const id = `V${Date.now()}`;
      const message = [
        `MSH|^~\\&|ADT|CLINIC-EAST|||20260302100000+0000||ADT^A03|${randomUUID()}|P|2.5.1`,
        'PID|1||TEST-MRN-77||SYNTHETICA^TESTA',
        `PV1|1|E|||||DOC1^PRACTICA${'|'.repeat(12)}${id}${'|'.repeat(25)}20260302080000+0000|20260302093000+0000`,
      ].join('\r');
      const receipt = await ehr().receiveHl7v2(readHl7(message));
      expect(receipt).toMatchObject({ encounters: [{ encounterId: id, status: 'accepted' }], resources: 1 });
      await expect(ehr().readEncounter(id)).resolves.toMatchObject({
        status: 'finished',
        class: 'emergency',
        serviceProvider: { value: 'CLINIC-EAST' },
        startedAt: '2026-03-02T08:00:00.000Z',
        endedAt: '2026-03-02T09:30:00.000Z',
        clinicians: [{ practitionerId: 'DOC1', role: 'physician', minutes: 90 }],
      });
    });

    it('reads the least of a patient and of a practitioner, and finds nobody else', async () => {
      const patient = { name: 'Synthetica 77', birthDate: '1977-07-07', recordNumber: 'TEST-MRN-77' };
      const { bundle } = await send({ patient });
      const { id } = bundle.entry[0]!.resource;
      await expect(ehr().read('patient', id)).resolves.toEqual({
        id,
        name: 'Testa Synthetica 77',
        birthDate: '1977-07-07',
        recordNumber: 'TEST-MRN-77',
        gender: 'female',
        ...REVISED,
      });
      await expect(ehr().read('patient', 'nobody')).rejects.toMatchObject({ slug: 'not-found' });
      const npi = { system: 'http://hl7.org/fhir/sid/us-npi', value: '9999999999' };
      const name = [{ family: 'Practica', given: ['Testa'], prefix: ['Dr.'] }];
      await ehr().receiveFhir({ resourceType: 'Practitioner', id: 'conformance-1', name, identifier: [npi] });
      await expect(ehr().read('practitioner', 'conformance-1')).resolves.toEqual({
        id: 'conformance-1',
        name: 'Dr. Testa Practica',
        familyName: 'Practica',
        givenName: 'Testa',
        npi: '9999999999',
        ...REVISED,
      });
      const { items } = await ehr().list('practitioner', { npi: '9999999999' });
      expect(items.map(({ id }) => id)).toEqual(['conformance-1']);
      await expect(ehr().list('practitioner', { npi: '9999999998' })).resolves.toEqual({ items: [] });
      await expect(ehr().read('practitioner', 'nobody')).rejects.toMatchObject({ slug: 'not-found' });
    });
  });
}
