/** Our own answers to what came: a 999 or a 997 from the faults of the envelope and the findings of the guide. */
import type { X12Group } from './read.js';
import type { X12Set } from './envelope.js';
import type { X12Fault } from './fault.js';
import type { Finding, FindingCode } from './guide/finding.js';
import {
  FUNCTIONAL_ACKNOWLEDGMENT,
  IMPLEMENTATION_ACKNOWLEDGMENT,
  type ImplementationAcknowledgment,
} from './sets/functional-acknowledgments.js';

/** IK304 (X12 element 620): what is wrong with a segment. */
const SEGMENT_CODES: Partial<Record<FindingCode, string>> = {
  'segment-unknown': '1',
  'segment-unexpected': '2',
  'segment-missing': '3',
  'loop-missing': '3',
  'loop-repeats': '4',
  'segment-repeats': '5',
  'segment-order': '7',
};

/** IK403 (X12 element 621): what is wrong with an element. */
const ELEMENT_CODES: Partial<Record<FindingCode, string>> = {
  'element-missing': '1',
  'element-condition': '2',
  'element-extra': '3',
  'too-short': '4',
  'too-long': '5',
  'not-a-number': '6',
  'not-a-code': '7',
  'not-a-date': '8',
  'not-a-time': '9',
  hierarchy: '7',
};

/** IK502 (X12 element 618): why a set is turned away. */
const SET_CODES: Partial<Record<X12Fault['code'], string>> = {
  truncated: '2',
  'control-number': '3',
  count: '4',
  binary: '5',
  size: '5',
  duplicate: '23',
  header: '6',
};

/** What is cut off in its own name cannot be answered by it. */
const NAMEABLE = /^[A-Za-z0-9]{1,9}$/;
const SEGMENT_NAME = /^[A-Z][A-Z0-9]{1,2}$/;

const WITH_SEGMENT_ERRORS = '5';
const SEGMENTS_A_SET = 100;

export interface Answered {
  readonly set: X12Set;
  readonly faults?: readonly X12Fault[];
  readonly findings: readonly Finding[];
  /** Take the set in spite of its findings (IK501 E), as a lenient partner setting may. */
  readonly accept?: boolean;
}

/** The body of a 999 (or, with the same shape, a 997) for one group. */
export function acknowledgmentOf(
  group: Pick<X12Group, 'header'>,
  answers: readonly Answered[],
): ImplementationAcknowledgment {
  const sets = answers.filter(({ set }) => NAMEABLE.test(set.id) && NAMEABLE.test(set.controlNumber)).map(answerTo);
  const accepted = sets.filter(({ answer }) => answer.code === 'A' || answer.code === 'E').length;
  const perfect = sets.every(({ answer }) => answer.code === 'A');
  const code = accepted === sets.length ? (perfect ? 'A' : 'E') : accepted === 0 ? 'R' : 'P';
  const { functionalId, controlNumber, version } = group.header;
  const [came, taken] = [String(sets.length), String(accepted)];
  return {
    group: { functionalId, controlNumber, version },
    sets,
    answer: { code, included: came, received: came, accepted: taken },
  };
}

/** The guide to write an acknowledgment with: 999 for the health care guides of 005010, 997 for all else. */
export const acknowledgmentGuideFor = (version: string) =>
  /^005010X/.test(version) ? IMPLEMENTATION_ACKNOWLEDGMENT : FUNCTIONAL_ACKNOWLEDGMENT;

type AnsweredSet = NonNullable<ImplementationAcknowledgment['sets']>[number];

function answerTo({ set, faults = [], findings, accept = false }: Answered): AnsweredSet {
  const reasons = faults.map(({ code }) => SET_CODES[code] ?? WITH_SEGMENT_ERRORS);
  if (findings.length > 0) reasons.push(WITH_SEGMENT_ERRORS);
  const code = reasons.length === 0 ? 'A' : accept && faults.length === 0 ? 'E' : 'R';
  const version = set.segments[0]?.at(3) || undefined;
  return {
    set: { id: set.id, controlNumber: set.controlNumber, version },
    segments: segmentsOf(findings),
    answer: { code, reasons: [...new Set(reasons)].slice(0, 5) },
  };
}

function segmentsOf(findings: readonly Finding[]): AnsweredSet['segments'] {
  const bySegment = Map.groupBy(
    findings.filter(({ segmentName }) => SEGMENT_NAME.test(segmentName)),
    ({ segment, segmentName, code }) => `${segment} ${segmentName} ${SEGMENT_CODES[code] ?? '8'}`,
  );
  return [...bySegment.values()].slice(0, SEGMENTS_A_SET).map((found) => {
    const [first] = found as [Finding];
    const elements = found
      .filter(({ element }) => element !== undefined)
      .map(({ element = 1, component, code }) => ({
        element: {
          place: { element: String(element), component: component === undefined ? undefined : String(component) },
          code: ELEMENT_CODES[code] ?? '7',
        },
      }));
    return {
      segment: {
        segment: first.segmentName,
        position: String(first.segment),
        loop: first.loop?.slice(0, 4),
        code: SEGMENT_CODES[first.code] ?? '8',
      },
      elements,
    };
  });
}
