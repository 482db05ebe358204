/** Three sites; in each two wards of two rooms with two beds. */
import type { Location } from '@medplum/fhirtypes';
import { FACILITIES } from './people.seed.js';

const place = (id: string, type: string, partOf?: string, bedStatus?: string): Location => ({
  resourceType: 'Location',
  id,
  status: 'active',
  name: id.replaceAll('-', ' '),
  identifier: [{ system: 'urn:concord:location', value: id }],
  physicalType: { coding: [{ system: 'http://terminology.hl7.org/CodeSystem/location-physical-type', code: type }] },
  ...(partOf && { partOf: { reference: `Location/${partOf}` } }),
  ...(bedStatus && {
    operationalStatus: { system: 'http://terminology.hl7.org/CodeSystem/v2-0116', code: bedStatus },
  }),
});

const twice = (id: string, letters: readonly string[]) => letters.map((letter) => `${id}-${letter}`);

const wards = FACILITIES.flatMap((site) => twice(site, ['W1', 'W2']).map((id) => place(id, 'wa', site)));
const rooms = wards.flatMap(({ id = '' }) => twice(id, ['R1', 'R2']).map((room) => place(room, 'ro', id)));
const beds = rooms.flatMap(({ id = '' }, i) =>
  twice(id, ['A', 'B']).map((bed, j) => place(bed, 'bd', id, ['U', 'O', 'H'][(i + j) % 3])),
);

export const places: readonly Location[] = [
  ...FACILITIES.map((site) => place(site, 'si')),
  ...wards,
  ...rooms,
  ...beds,
];
