import type { Resource } from '@medplum/fhirtypes';

import { encounterIdOf, isFinished } from './index.js';

const visit = { reference: 'Encounter/enc-1' };

const resource = (resourceType: string, more: object): Resource => ({ resourceType, id: '1', ...more }) as Resource;

describe('the encounter of a resource', () => {
  it.each<[string, object]>([
    ['Procedure', { encounter: visit }],
    ['Immunization', { encounter: visit }],
    ['Condition', { encounter: visit }],
    ['Observation', { encounter: { reference: 'https://ehr.example/fhir/Encounter/enc-1/_history/2' } }],
    ['MedicationAdministration', { context: visit }],
    ['ChargeItem', { context: visit }],
    ['Claim', { item: [{ encounter: [visit] }, { encounter: [visit] }, {}] }],
    ['ExplanationOfBenefit', { item: [{ encounter: [visit] }] }],
    ['SupplyDelivery', { extension: [{ url: 'urn:visit', valueReference: visit }] }],
  ])('is told by a %s', (type, more) => {
    expect(encounterIdOf(resource(type, more))).toBe('enc-1');
  });

  it('of an encounter is itself', () => {
    expect(encounterIdOf(resource('Encounter', {}))).toBe('1');
  });

  it('of a device or a delivery is that of the procedure it was used in or the delivery it is part of', () => {
    const lookup = (reference: string): Resource | undefined =>
      reference === 'Procedure/p-1' ? resource('Procedure', { encounter: visit }) : undefined;
    const used = resource('DeviceUseStatement', {
      derivedFrom: [{ reference: 'Observation/x' }, { reference: 'Procedure/p-1' }],
    });
    expect(encounterIdOf(used)).toBeUndefined();
    expect(encounterIdOf(used, lookup)).toBe('enc-1');
    expect(encounterIdOf(resource('SupplyDelivery', { partOf: [{ reference: 'Procedure/p-1' }] }), lookup)).toBe(
      'enc-1',
    );
  });

  it('is not guessed', () => {
    expect(
      encounterIdOf(resource('Claim', { item: [{ encounter: [visit, { reference: 'Encounter/enc-2' }] }] })),
    ).toBeUndefined();
    expect(encounterIdOf(resource('ChargeItem', { context: { reference: 'EpisodeOfCare/e-1' } }))).toBeUndefined();
    expect(
      encounterIdOf(resource('Procedure', { encounter: { reference: 'Encounter?identifier=1' } })),
    ).toBeUndefined();
    expect(encounterIdOf(resource('Procedure', {}))).toBeUndefined();
  });

  it('is finished when its status says so', () => {
    expect(isFinished({ resourceType: 'Encounter', status: 'finished', class: {} })).toBe(true);
    expect(
      isFinished({ resourceType: 'Encounter', status: 'in-progress', class: {}, period: { end: '2024-03-05' } }),
    ).toBe(false);
  });
});
