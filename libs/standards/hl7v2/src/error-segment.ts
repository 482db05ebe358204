import type { Problem } from '@concord/canonical';

import type { Delimiters } from './delimiters.js';
import { type Hl7Location, locationOf } from './location.js';
import { writeSegment } from './write.js';

/** HL7 table 0357, message error condition codes: those we answer with. */
export const ERROR_CONDITIONS = {
  '100': 'Segment sequence error',
  '101': 'Required field missing',
  '102': 'Data type error',
  '103': 'Table value not found',
  '104': 'Value too long',
  '200': 'Unsupported message type',
  '201': 'Unsupported event code',
  '204': 'Unknown key identifier',
  '205': 'Duplicate key identifier',
  '207': 'Application internal error',
} as const;

export type ErrorCondition = keyof typeof ERROR_CONDITIONS;

/** One ERR segment: what is wrong, where, and a sentence for the sender without any value of the message. */
export interface Hl7Error {
  readonly condition: ErrorCondition;
  readonly location?: Hl7Location;
  readonly text?: string;
}

const CONDITION_OF_FAULT: Readonly<Record<string, ErrorCondition>> = {
  structure: '100',
  required: '101',
  format: '102',
  charset: '103',
  length: '104',
  'unsupported-type': '200',
  'unsupported-event': '201',
};

const CONDITION_OF_SLUG: Readonly<Record<string, ErrorCondition>> = {
  malformed: '102',
  'payload-too-large': '104',
  'validation-failed': '102',
  'unknown-code': '103',
  'not-found': '204',
  conflict: '205',
};

/** A problem as ERR segments: one for each of its faults, or one for the whole. */
export function errorsOf(problem: Problem): Hl7Error[] {
  const whole = CONDITION_OF_SLUG[problem.slug] ?? '207';
  if (problem.errors === undefined || problem.errors.length === 0)
    return [{ condition: whole, text: problem.kind.title }];
  return problem.errors.map(({ pointer, code, detail }) => ({
    condition: CONDITION_OF_FAULT[code] ?? whole,
    location: locationOf(pointer),
    text: detail,
  }));
}

/** The ERR segment of the sender's version: since 2.5 with location, code and severity apart, before that all in ERR-1. */
export function writeError({ condition, location, text }: Hl7Error, version: string, delimiters: Delimiters): string {
  const meaning = ERROR_CONDITIONS[condition];
  const where = location ? [location.segment, `${location.occurrence ?? 1}`, `${location.field ?? ''}`] : [];
  // ERR-1 segment ^ occurrence ^ field ^ code & text & table
  if (isBefore25(version)) {
    const [segment = '', occurrence = '', field = ''] = where;
    return writeSegment('ERR', [[segment, occurrence, field, [condition, meaning, 'HL70357']]], delimiters);
  }
  const component = location?.component === undefined ? [] : ['1', `${location.component}`];
  return writeSegment(
    'ERR',
    [
      undefined, // ERR-1 is withdrawn
      [...where, ...component], // ERR-2 segment ^ occurrence ^ field ^ repetition ^ component
      [condition, meaning, 'HL70357'], // ERR-3 condition code
      'E', // ERR-4 severity: error
      undefined, // ERR-5 application error code
      undefined, // ERR-6 application error parameter
      undefined, // ERR-7 diagnostic information
      text, // ERR-8 user message
    ],
    delimiters,
  );
}

/** `2.3.1` and the like; a message that names no version is taken for a newer one. */
const isBefore25 = (version: string): boolean => /^2\.[0-4](\.|$)/.test(version.trim());
