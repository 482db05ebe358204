import type { Encounter, Reference } from '@medplum/fhirtypes';
import type { Identifier } from '@concord/canonical';
import { targetOf } from '@concord/fhir';
import { textOf } from './wire.js';

const UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;
const CARRIED = /^[\x21-\x7e]{1,100}$/;
const LONGEST_SYSTEM = 200;

/** What stands for a facility that the EHR left out: finance then asks a person, instead of the encounter being lost. */
export const UNSTATED: Identifier = { system: 'urn:concord:facility', value: 'UNSTATED' };

/** Who rendered the encounter: its organization, else its location, as the EHR names it. */
export function serviceProviderOf({ serviceProvider, location }: Encounter): Identifier {
  return identifierOf(serviceProvider) ?? identifierOf(location?.[0]?.location) ?? UNSTATED;
}

/** The identifier given; else what the reference says. A UUID names the same thing on every server. */
export function identifierOf({ identifier, reference }: Reference = {}): Identifier | undefined {
  const given = carried(textOf(identifier?.system), textOf(identifier?.value));
  if (given || reference === undefined) return given;
  const [, system, value] = /^[A-Z]\w+\?identifier=(.+)\|(.+)$/.exec(reference) ?? [];
  const { resourceType, id } = targetOf(reference) ?? {};
  const urn = /^urn:uuid:(.+)$/.exec(reference)?.[1] ?? (UUID.test(id ?? '') ? id : undefined);
  return carried(system, value) ?? carried('urn:uuid', urn) ?? carried(resourceType, id);
}

const carried = (system: string | undefined, value: string | undefined): Identifier | undefined =>
  system !== undefined && system.length <= LONGEST_SYSTEM && value !== undefined && CARRIED.test(value)
    ? { system, value }
    : undefined;
