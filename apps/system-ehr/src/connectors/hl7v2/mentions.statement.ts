/** Practitioners and places that a message mentions in passing: known until somebody says it in earnest. */
import { CODE, type Identifier } from '@concord/canonical';
import type { Field } from '@concord/hl7v2';
import type { Facts, Statement } from '../facts/statement.js';
import type { Source } from './source.js';

/** Said before anything else was. */
const IN_PASSING = '';

const FACILITY = 'urn:hl7v2:facility';

/** A facility by the sender's own name, without the blanks that an identifier cannot have. */
export const facilityOf = (name: string): Identifier => ({
  system: FACILITY,
  value: name.replace(/[^\x21-\x7e]+/g, '-').slice(0, 100),
});

/** XCN: id ^ family ^ given ^ middle ^ suffix ^ prefix … authority (9) … type of identifier (13). */
export function practitionerFacts(field: Field): {
  name?: string;
  familyName?: string;
  givenName?: string;
  npi?: string;
} {
  const words = [field.text(6), field.text(3), field.text(2)].filter((word) => word !== undefined);
  const [familyName, givenName] = [field.text(2), field.text(3)];
  const isNpi = [field.text(9), field.text(13)].some((text) => text?.toUpperCase().startsWith('NPI'));
  return {
    ...(words.length && { name: words.join(' ').slice(0, 200) }),
    ...(familyName !== undefined && { familyName }),
    ...(givenName !== undefined && { givenName }),
    ...(isNpi && { npi: field.text()?.slice(0, 20) }),
  };
}

export function practitionerMentions(source: Source, fields: readonly (Field | undefined)[]): Statement[] {
  return fields.flatMap((field) => {
    const id = field?.text();
    if (!field || id === undefined || !CODE.test(id)) return [];
    const facts = practitionerFacts(field);
    return facts.name === undefined ? [] : [source.state('practitioner', id, facts, IN_PASSING)];
  });
}

/** A place as its parts name it (PL): point of care, room, bed, under the facility. */
export interface Place {
  readonly id: string;
  readonly kind: 'ward' | 'room' | 'bed';
  readonly name: string;
  readonly facility?: string;
  /** The room of a bed, the ward of a room. */
  readonly partOf?: string;
}

/** PL.1 point of care, PL.2 room, PL.3 bed, PL.4 facility. Undefined where there is none, or where it has no id. */
export function placeOf(field: Field | undefined, sender: string | undefined): Place | undefined {
  const [ward, room, bed] = [1, 2, 3].map((component) => field?.text(component));
  const parts = [ward, room, bed].filter((part) => part !== undefined);
  if (parts.length === 0) return undefined;
  const facility = field?.text(4) ?? sender;
  const kind = bed !== undefined ? 'bed' : room !== undefined ? 'room' : 'ward';
  const id = placeId(facility, parts);
  const partOf = parts.length > 1 ? placeId(facility, parts.slice(0, -1)) : undefined;
  return id === undefined ? undefined : { id, kind, name: parts.join(' ').slice(0, 200), facility, partOf };
}

/** `FACILITY:WARD:ROOM:BED`, with a hyphen for what an id cannot hold. */
function placeId(facility: string | undefined, parts: readonly string[]): string | undefined {
  const text = [facility, ...parts].filter((part) => part !== undefined).join(':');
  const id = text
    .replace(/[^A-Za-z0-9._:-]+/g, '-')
    .replace(/^[^A-Za-z0-9]+/, '')
    .slice(0, 128);
  return CODE.test(id) ? id : undefined;
}

export function placeMentions(source: Source, places: readonly (Place | undefined)[]): Statement[] {
  return places.flatMap((place) =>
    place
      ? [
          source.state('location', place.id, placeFacts(place), IN_PASSING),
          ...bedStatements(source, place, { name: place.name }, IN_PASSING),
        ]
      : [],
  );
}

export const placeFacts = ({ id, kind, name, facility, partOf }: Place) => ({
  name,
  kind,
  status: 'active',
  partOf,
  number:
    facility === undefined
      ? undefined
      : { system: `${FACILITY}:${facilityOf(facility).value}`, value: id.slice(0, 100) },
});

/** A place that is a bed, as one; nothing for any other place. */
export const bedStatements = (source: Source, place: Place, facts: Facts, saidAt: string): Statement[] =>
  place.kind === 'bed' ? [source.state('bed', place.id, { locationId: place.partOf, ...facts }, saidAt)] : [];
