/**
 * What every connector for an electronic health record must do, whatever stands behind it. A connector's own spec calls
 * this with a connector whose target takes in what it is sent.
 */
import { randomUUID } from 'node:crypto';
import { readHl7 } from '@concord/hl7v2';
import { encounterBundle, type EncounterWishes } from '@concord/testing';
import type { EhrConnector } from '../connector.js';

export function connectorConformance(name: string, ehr: () => EhrConnector): void {
  const visit = (wishes: EncounterWishes = {}) => encounterBundle(randomUUID(), wishes);
  const send = async (wishes: EncounterWishes = {}) => {
    const { encounterId, bundle } = visit(wishes);
    return { encounterId, bundle, receipt: await ehr().receiveFhir(bundle) };
  };

  describe(`The ${name} connector of the health record`, () => {
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
      await expect(ehr().readPatient(first!.resource.id)).rejects.toMatchObject({ slug: 'not-found' });
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
      await expect(ehr().readPatient(id)).resolves.toEqual({
        id,
        name: 'Testa Synthetica 77',
        birthDate: '1977-07-07',
        recordNumber: 'TEST-MRN-77',
        gender: 'female',
      });
      await expect(ehr().readPatient('nobody')).rejects.toMatchObject({ slug: 'not-found' });
      const npi = { system: 'http://hl7.org/fhir/sid/us-npi', value: '9999999999' };
      const name = [{ family: 'Practica', given: ['Testa'], prefix: ['Dr.'] }];
      await ehr().receiveFhir({ resourceType: 'Practitioner', id: 'conformance-1', name, identifier: [npi] });
      await expect(ehr().readPractitioner('conformance-1')).resolves.toEqual({
        id: 'conformance-1',
        name: 'Dr. Testa Practica',
        npi: '9999999999',
      });
      await expect(ehr().readPractitioner('nobody')).rejects.toMatchObject({ slug: 'not-found' });
    });

    it('pages through encounters in the order they changed, each once', async () => {
      const sent: string[] = [];
      for (let i = 0; i < 5; i += 1) sent.push((await send({ status: 'in-progress' })).encounterId);
      const seen: string[] = [];
      let page_token: string | undefined;
      do {
        const page = await ehr().listEncounters({ status: 'in-progress', page_size: 2, page_token });
        expect(page.items.every(({ status }) => status === 'in-progress')).toBe(true);
        seen.push(...page.items.map(({ id }) => id));
        page_token = page.nextPageToken;
      } while (page_token);
      expect(new Set(seen).size).toBe(seen.length);
      expect([...seen.slice(-5)].sort()).toEqual([...sent].sort());
      const changed_since = new Date(Date.now() + 60_000).toISOString();
      await expect(ehr().listEncounters({ changed_since })).resolves.toEqual({ items: [] });
      const page_of_another_list = Buffer.from('"7"').toString('base64url');
      const refusal = ehr().listEncounters({ page_token: page_of_another_list });
      await expect(refusal).rejects.toMatchObject({ slug: 'validation-failed' });
    });
  });
}
