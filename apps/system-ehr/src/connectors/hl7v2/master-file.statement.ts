import { dateOf, type Segment } from '@concord/hl7v2';
import type { Facts, Statement } from '../facts/statement.js';
import { bedStatements, facilityOf, placeFacts, placeOf } from './mentions.statement.js';
import { keptSegments } from './patient.statement.js';
import type { Source } from './source.js';

/** What MFE-1 asks to do with an entry (HL7 table 0180): deactivated and deleted ones stay known, as inactive. */
const INACTIVE = new Set(['MDL', 'MDC']);

/** MFN^M02: the staff. Each entry is one practitioner: MFE, then STF with its PRA. */
export function staffStatements(source: Source): Statement[] {
  const kept = keptSegments(source);
  return entriesOf(source.message.body).flatMap(({ mfe, of }) => {
    const [stf, pra] = [of.get('STF'), of.get('PRA')];
    const key = stf?.text(2) ?? stf?.text(1) ?? mfe.text(4); // STF-2 staff id, STF-1 key, MFE-4 key
    const id = source.id(key, source.place(mfe, 4));
    if (id === undefined) return [];
    const name = stf?.field(3); // STF-3 name: family ^ given ^ middle ^ suffix ^ prefix
    const words = [name?.text(5), name?.text(2), name?.text(1)].filter((word) => word !== undefined);
    const facts: Facts = {
      name: words.length ? words.join(' ').slice(0, 200) : undefined,
      familyName: name?.text(1),
      givenName: name?.text(2),
      npi: npiOf(stf, pra),
      ...kept,
    };
    const { sendingFacility } = source.message.header;
    const role: Facts = {
      practitionerId: id,
      active: !INACTIVE.has(mfe.text(1) ?? '') && stf?.text(7) !== 'I', // MFE-1, STF-7 active
      role: roleOf(stf, pra),
      specialty: pra && source.coding(pra.field(5), source.place(pra, 5)), // PRA-5 specialty
      organization: sendingFacility && facilityOf(sendingFacility), // MSH-4
      from: dateOf(stf?.text(12)), // STF-12 activation
      until: dateOf(stf?.text(13)), // STF-13 inactivation
    };
    return [source.state('practitioner', id, facts), source.state('practitioner-role', id, role)];
  });
}

/** MFN^M05: wards, rooms and beds. Each entry is one place: MFE, then LOC. */
export function placeStatements(source: Source): Statement[] {
  const kept = keptSegments(source);
  return entriesOf(source.message.body).flatMap(({ mfe, of }) => {
    const loc = of.get('LOC');
    const place = placeOf(loc?.field(1) ?? mfe.field(4), source.message.header.sendingFacility); // LOC-1 place, MFE-4 key
    if (!place) {
      source.lose(source.place(mfe, 4), 'names no place');
      return [];
    }
    const facts: Facts = {
      ...placeFacts(place),
      name: loc?.text(2) ?? place.name, // LOC-2 description
      type: loc?.text(3), // LOC-3 type (HL7 table 0260)
      status: INACTIVE.has(mfe.text(1) ?? '') ? 'inactive' : 'active', // MFE-1
      ...kept,
    };
    return [
      source.state('location', place.id, facts),
      ...bedStatements(source, place, { name: facts['name'] }, source.saidAt),
    ];
  });
}

/** PRA-6 practitioner ids of type NPI (table 0338), else an STF-2 id of that type (table 0203). */
function npiOf(stf: Segment | undefined, pra: Segment | undefined): string | undefined {
  const licence = pra?.repetitions(6).find((field) => field.text(2) === 'NPI');
  const number = stf?.repetitions(2).find((field) => field.text(5) === 'NPI');
  return (licence ?? number)?.text()?.slice(0, 20);
}

/** PRA-3 category (HL7 table 0186) or STF-4 staff type (table 0182), in the words of our roles. */
function roleOf(stf: Segment | undefined, pra: Segment | undefined): string | undefined {
  const said = (pra?.text(3) ?? stf?.text(4))?.toUpperCase();
  if (said === undefined) return undefined;
  return ROLE.find(([words]) => words.test(said))?.[1] ?? 'other';
}

const ROLE: readonly (readonly [RegExp, string])[] = [
  [/^(?:MD|DO|PHY|D$|ER|GN|PS)/, 'physician'],
  [/^(?:RN|LPN|NP|N$|NUR)/, 'nurse'],
  [/^(?:TEC|T$)/, 'technician'],
  [/^(?:PT|OT|ST|TH)/, 'therapist'],
];

interface Entry {
  readonly mfe: Segment;
  readonly of: ReadonlyMap<string, Segment>;
}

/** MFE and the first segment of each name that follows it until the next. */
function entriesOf(segments: readonly Segment[]): Entry[] {
  const entries: { mfe: Segment; of: Map<string, Segment> }[] = [];
  for (const segment of segments) {
    const entry = entries.at(-1);
    if (segment.name === 'MFE') entries.push({ mfe: segment, of: new Map() });
    else if (entry && !entry.of.has(segment.name)) entry.of.set(segment.name, segment);
  }
  return entries;
}
