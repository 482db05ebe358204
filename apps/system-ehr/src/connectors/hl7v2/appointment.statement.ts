import type { Said, Segment } from '@concord/hl7v2';
import type { Statement } from '../facts/statement.js';
import { placeMentions, placeOf, practitionerMentions } from './mentions.statement.js';
import { keptSegments, patientIdOf, patientStatements } from './patient.statement.js';
import type { Source } from './source.js';
import { visitNumberOf } from './visit.statement.js';

/** What a schedule event leads to (HL7 2.5.1 §10.3), as FHIR's status of an appointment. */
const STATUS_AFTER = new Map<string | undefined, string>([
  ['S12', 'booked'],
  ['S13', 'booked'], // moved to another time
  ['S14', 'booked'], // modified
  ['S15', 'cancelled'],
  ['S16', 'cancelled'], // discontinued
  ['S17', 'entered-in-error'], // deleted
  ['S26', 'noshow'],
]);

/** Units of SCH-10 and AIS-8 in minutes. */
const MINUTES = new Map<string, number>([
  ['s', 1 / 60],
  ['sec', 1 / 60],
  ['m', 1],
  ['min', 1],
  ['minute', 1],
  ['minutes', 1],
  ['h', 60],
  ['hr', 60],
  ['hour', 60],
  ['hours', 60],
  ['d', 1440],
]);

/** SIU^S12 … S26: an appointment, with when, where, with whom and for whom. */
export function appointmentStatements(source: Source): Statement[] {
  const { message, reading } = source;
  const [sch, ais] = [message.segment('SCH'), message.segment('AIS')];
  const number = sch?.text(2) ?? sch?.text(1); // SCH-2 filler appointment id, else SCH-1 placer appointment id
  const given = reading.needed(number, { segment: 'SCH', field: 2 }, 'the appointment id');
  if (!sch || given === undefined) return [];
  const ail = message.segment('AIL');
  const startsAt = startOf(source, sch, ais);
  const place = placeOf(ail?.field(3), message.header.sendingFacility); // AIL-3 location
  const facts = {
    status: STATUS_AFTER.get(message.header.trigger),
    startsAt,
    endsAt: endOf(source, sch, ais, startsAt),
    service: source.coding(ais?.field(3), 'AIS-3') ?? source.coding(sch.field(8), 'SCH-8'), // AIS-3 service, SCH-8 type
    reason: source.coding(sch.field(7), 'SCH-7'), // SCH-7 appointment reason
    practitionerIds: doctorsOf(source),
    locationId: place?.id,
    patientId: patientIdOf(source),
    encounterId: source.id(visitNumberOf(source), 'PV1-19'),
    ...keptSegments(source),
  };
  const id = source.id(given, 'SCH-2') ?? source.hiddenId('a', given);
  return [
    source.state('appointment', id, facts),
    ...patientStatements(source),
    ...practitionerMentions(
      source,
      message.segments('AIP').map((aip) => aip.field(3)),
    ),
    ...placeMentions(source, [place]),
  ];
}

/** AIP-3 personnel; undefined where the message names none, and those that are known stay. */
function doctorsOf(source: Source): string[] | undefined {
  const people = source.message.segments('AIP');
  const ids = people.flatMap((aip) => source.id(aip.text(3), source.place(aip, 3)) ?? []);
  return people.length === 0 ? undefined : ids.slice(0, 100);
}

/** SCH-11.4 start, as it was until version 2.4; TQ1-7 since; AIS-4 start of the service. */
const startOf = (source: Source, sch: Segment, ais: Segment | undefined): Said<string> =>
  source.instant(sch, 11, 4) ?? source.instant(source.message.segment('TQ1'), 7) ?? source.instant(ais, 4);

/** SCH-11.5 end, TQ1-8 end, or the start and SCH-9 duration in SCH-10 units, or AIS-7 duration in AIS-8 units. */
function endOf(source: Source, sch: Segment, ais: Segment | undefined, start: Said<string>): Said<string> {
  const end = source.instant(sch, 11, 5) ?? source.instant(source.message.segment('TQ1'), 8);
  if (end !== undefined || typeof start !== 'string') return end;
  const minutes = minutesOf(sch.text(9), sch.text(10)) ?? minutesOf(ais?.text(7), ais?.text(8));
  return minutes === undefined ? undefined : new Date(Date.parse(start) + minutes * 60_000).toISOString();
}

function minutesOf(duration: string | undefined, unit = 'min'): number | undefined {
  const factor = MINUTES.get(unit.toLowerCase());
  const count = Number(duration);
  return duration === undefined || factor === undefined || !(count >= 0) ? undefined : Math.round(count * factor);
}
