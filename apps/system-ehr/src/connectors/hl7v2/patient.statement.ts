import { dateOf, type Field, type Said, type Segment } from '@concord/hl7v2';
import type { Statement } from '../facts/statement.js';
import type { Source } from './source.js';

/** Administrative sex (PID-8, HL7 table 0001) as FHIR's administrative gender. */
const GENDER = new Map<string, string>([
  ['F', 'female'],
  ['M', 'male'],
  ['O', 'other'],
  ['A', 'other'], // ambiguous
  ['N', 'other'], // not applicable
  ['U', 'unknown'],
]);

/** The types of identifier (HL7 table 0203) by which a person is known, the best one first. */
const BEST = ['MR', 'PI', 'PT', undefined];

/**
 * A person's id: the medical record number under its authority, as a digest. Numbers of other kinds, such as that of social
 * security, never become an id.
 */
export function personIdOf(source: Source, identifiers: readonly Field[] | undefined): string | undefined {
  const best = BEST.map((type) => identifiers?.find((field) => field.text() && field.text(5) === type)).find(Boolean);
  const chosen = best ?? identifiers?.find((field) => field.text() !== undefined && field.text(5) !== 'SS');
  const number = chosen?.text();
  if (number === undefined) return undefined;
  const authority = chosen?.text(4) ?? source.message.header.sendingFacility ?? '';
  return source.hiddenId('p', authority, number);
}

/** The person that a message is about; undefined where PID names none. */
export const patientIdOf = (source: Source): string | undefined =>
  personIdOf(source, source.message.segment('PID')?.repetitions(3)); // PID-3 patient identifiers

/** What PID says of the person. */
export function patientStatements(source: Source): Statement[] {
  const pid = source.message.segment('PID');
  const id = patientIdOf(source);
  if (!pid || id === undefined) return [];
  const numbers = pid.repetitions(3); // PID-3 patient identifiers
  const number = numbers.find((field) => field.text(5) === 'MR') ?? numbers[0];
  const facts = {
    name: personName(pid.field(5)), // PID-5 patient name, the first one
    birthDate: birthDateOf(source, pid), // PID-7 birth
    gender: genderOf(source, pid), // PID-8 administrative sex
    recordNumber: number?.text(), // PID-3.1
    identifiers: numbers.map((field) => ({ value: field.text(1), authority: field.text(4), type: field.text(5) })),
    ...keptSegments(source),
  };
  return [source.state('patient', id, facts)];
}

/**
 * Two numbers turned out to be one person (A40 and its kin): MRG-1 is the number that goes, PID-3 the one that stays. What was
 * recorded under the first is found under both.
 */
export function mergeStatements(source: Source): Statement[] {
  const { message, reading } = source;
  const mrg = message.segment('MRG');
  const survivor = reading.needed(patientIdOf(source), { segment: 'PID', field: 3 }, 'the surviving identifier');
  const gone = reading.needed(
    personIdOf(source, mrg?.repetitions(1)), // MRG-1 prior patient identifiers
    { segment: 'MRG', field: 1 },
    'the identifier that is merged',
  );
  if (gone === survivor) source.lose('MRG-1', 'names the surviving identifier itself');
  const merged = gone === survivor ? [] : [source.state('patient', gone, { mergedInto: survivor })];
  return [...patientStatements(source), ...merged];
}

/** XPN and XCN order a name differently; this is XPN: family ^ given ^ middle ^ suffix ^ prefix. */
function personName(field: Field): Said<string> {
  const said = field.said(1);
  if (said === null) return null;
  const words = [field.text(5), field.text(2), field.text(3), field.text(1), field.text(4)];
  return (
    words
      .filter((word) => word !== undefined)
      .join(' ')
      .slice(0, 200) || undefined
  );
}

function birthDateOf(source: Source, pid: Segment): Said<string> {
  const said = pid.said(7);
  if (typeof said !== 'string') return said;
  const day = dateOf(said);
  // Nothing is charged by it: one that cannot be read, or is only a year, is left out.
  if (day === undefined) source.lose('PID-7', 'is no day');
  return day;
}

function genderOf(source: Source, pid: Segment): Said<string> {
  const said = pid.said(8);
  if (typeof said !== 'string') return said;
  const gender = GENDER.get(said.toUpperCase());
  if (gender === undefined) source.lose('PID-8', 'is not of table 0001');
  return gender;
}

/** Z-segments mean something to the site: they are kept as they came, sealed with the thing they were said of. */
export function keptSegments(source: Source): Record<string, string> {
  const kept: Record<string, string> = {};
  for (const segment of source.message.body) {
    if (segment.name.startsWith('Z')) kept[`segment:${segment.name}:${segment.occurrence}`] = segment.toString();
  }
  return kept;
}
