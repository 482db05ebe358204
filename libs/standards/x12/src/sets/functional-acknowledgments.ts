/**
 * 999 implementation acknowledgment (005010X231A1) and 997 functional acknowledgment: which sets of a group were taken, and
 * of the others which segment and element was wrong.
 */
import { an, id, n0, oneOf } from '../guide/element.js';
import { composite, list, required, situational } from '../guide/field.js';
import { guide, loop, many, one, type PartOf, segment, type ShapeOf } from '../guide/guide.js';

const AK1 = segment('AK1', 'group', {
  functionalId: required(1, id(2, 2)), // AK101 GS01 of the group that is answered
  controlNumber: required(2, n0(9)), // AK102 its GS06
  version: situational(3, an(1, 12)), // AK103 its GS08
});

const AK2 = segment('AK2', 'transaction set', {
  id: required(1, id(3, 3)), // AK201 ST01
  controlNumber: required(2, an(1, 9)), // AK202 ST02 as it came, which may be shorter than the standard's four
  version: situational(3, an(1, 35)), // AK203 ST03
});

/** IK304 and AK304: what is wrong with a segment. */
const SEGMENT_CODES = oneOf('1', '2', '3', '4', '5', '6', '7', '8', 'I4', 'I6', 'I7', 'I8', 'I9');
/** IK403 and AK403: what is wrong with an element. */
const ELEMENT_CODES = oneOf(
  '1',
  '2',
  '3',
  '4',
  '5',
  '6',
  '7',
  '8',
  '9',
  '10',
  '12',
  '13',
  'I6',
  'I9',
  'I10',
  'I11',
  'I12',
  'I13',
);

const place = composite({
  element: required(1, n0(2)),
  component: situational(2, n0(2)),
  repeat: situational(3, n0(4)),
});

/** What names the claim or the element a fault is about. */
const CTX = segment('CTX', 'context', {
  context: required(1, composite({ name: required(1, an(1, 35)), value: situational(2, an(1, 35)) })), // CTX01
  segment: situational(2, id(2, 3)), // CTX02
  position: situational(3, n0(10)), // CTX03
  loop: situational(4, an(1, 4)), // CTX04
  element: situational(5, an(1, 20)), // CTX05
  reference: situational(6, an(1, 20)), // CTX06
});

const segmentFields = {
  segment: required(1, id(2, 3)), // IK301 segment
  position: required(2, n0(10)), // IK302 which segment of the set, ST being 1
  loop: situational(3, an(1, 4)), // IK303
  code: situational(4, SEGMENT_CODES), // IK304
};

const elementFields = {
  place: required(1, place), // IK401
  reference: situational(2, n0(4)), // IK402 number of the data element
  code: required(3, ELEMENT_CODES), // IK403
  value: situational(4, an(1, 99)), // IK404 a copy of the wrong value; we never send one, because it may be PHI
};

const setFields = {
  code: required(1, oneOf('A', 'E', 'M', 'P', 'R', 'W', 'X')), // IK501 A accepted, E accepted with errors, R rejected
  reasons: list(2, 5, id(1, 3)), // IK502–06
};

const groupFields = {
  code: required(1, oneOf('A', 'E', 'M', 'P', 'R', 'W', 'X')), // AK901 A accepted, E with errors, P partly, R rejected
  included: required(2, n0(6)), // AK902 sets that GE01 counts
  received: required(3, n0(6)), // AK903 sets that came
  accepted: required(4, n0(6)), // AK904
  reasons: list(5, 5, id(1, 3)), // AK905–09
};

const IMPLEMENTATION = {
  group: one(AK1),
  sets: many(
    loop('2000', 'answer to a set', {
      set: one(AK2),
      segments: many(
        loop('2100', 'segment in error', {
          segment: one(segment('IK3', 'segment in error', segmentFields)),
          contexts: many(CTX, 10),
          elements: many(
            loop('2110', 'element in error', {
              element: one(segment('IK4', 'element in error', elementFields)),
              contexts: many(CTX, 10),
            }),
          ),
        }),
      ),
      answer: one(segment('IK5', 'answer to the set', setFields)),
    }),
  ),
  answer: one(segment('AK9', 'answer to the group', groupFields)),
};

const FUNCTIONAL = {
  group: one(AK1),
  sets: many(
    loop('AK2', 'answer to a set', {
      set: one(AK2),
      segments: many(
        loop('AK3', 'segment in error', {
          segment: one(segment('AK3', 'segment in error', segmentFields)),
          elements: many(
            loop('AK4', 'element in error', { element: one(segment('AK4', 'element in error', elementFields)) }),
          ),
        }),
      ),
      answer: one(segment('AK5', 'answer to the set', setFields)),
    }),
  ),
  answer: one(segment('AK9', 'answer to the group', groupFields)),
};

export const IMPLEMENTATION_ACKNOWLEDGMENT = guide(
  { id: '999', version: '005010X231A1', functionalId: 'FA', title: 'implementation acknowledgment' },
  IMPLEMENTATION,
);

export const FUNCTIONAL_ACKNOWLEDGMENT = guide(
  { id: '997', version: '004010', functionalId: 'FA', title: 'functional acknowledgment' },
  FUNCTIONAL,
);

export type ImplementationAcknowledgment = ShapeOf<typeof IMPLEMENTATION_ACKNOWLEDGMENT>;
export type FunctionalAcknowledgment = ShapeOf<typeof FUNCTIONAL_ACKNOWLEDGMENT>;
export type AcknowledgedSegment = PartOf<typeof AK2>;
