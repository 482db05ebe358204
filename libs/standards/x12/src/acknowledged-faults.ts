/** What a 997 or a 999 says was wrong with a file of ours, in words and with the place: for the people who have to repair it. */
import type { FunctionalAcknowledgment } from './sets/functional-acknowledgments.js';

export interface AcknowledgedFault {
  /** `segment 7 PO1, element 3`; `the set` and `the group` where no segment is named. */
  readonly position: string;
  readonly reason: string;
}

type AnsweredSet = NonNullable<FunctionalAcknowledgment['sets']>[number];

/** AK304 and IK304 (X12 element 720): what is wrong with a segment. */
const SEGMENT: Readonly<Record<string, string>> = {
  '1': 'The segment is not known',
  '2': 'The segment is not expected here',
  '3': 'A segment that must be there is missing',
  '4': 'The loop comes too often',
  '5': 'The segment comes too often',
  '6': 'The segment is none of this set',
  '7': 'The segment is not in its order',
  '8': 'The segment has elements in error',
  I4: 'The segment is not used by the guide',
  I6: 'The segment depends on another that is missing',
  I7: 'The loop comes less often than the guide asks',
  I8: 'The segment is below its smallest use',
  I9: 'The segment depends on another that is there',
};

/** AK403 and IK403 (X12 element 723): what is wrong with an element. */
const ELEMENT: Readonly<Record<string, string>> = {
  '1': 'The element must be there',
  '2': 'The element is needed by another one',
  '3': 'There are too many elements',
  '4': 'The element is too short',
  '5': 'The element is too long',
  '6': 'A character is not allowed',
  '7': 'The code is not known',
  '8': 'The date is none',
  '9': 'The time is none',
  '10': 'The element excludes another one',
  '12': 'The element is repeated too often',
  '13': 'There are too many components',
  I10: 'The element is not used by the guide',
  I12: 'The value does not fit the guide',
};

/** AK502 and IK502 (X12 element 718): why a set is turned away. */
const SET: Readonly<Record<string, string>> = {
  '1': 'The set is not taken there',
  '2': 'The trailer of the set is missing',
  '3': 'Header and trailer of the set differ in their number',
  '4': 'The segments are not as many as the trailer says',
  '5': 'Segments are in error',
  '6': 'The identifier of the set is none',
  '7': 'The number of the set is none',
  '23': 'The number of the set came before in this group',
};

/** AK905 (X12 element 716): why a group is turned away. */
const GROUP: Readonly<Record<string, string>> = {
  '1': 'The group is not taken there',
  '2': 'The version is not taken there',
  '3': 'The trailer of the group is missing',
  '4': 'Header and trailer of the group differ in their number',
  '5': 'The sets are not as many as the trailer says',
  '6': 'The number of the group is none',
};

/** What is said about one set; where no segment is named, why the whole of it was turned away. */
export function faultsOfSet({ segments = [], answer }: AnsweredSet): AcknowledgedFault[] {
  const found = segments.flatMap(({ segment: { segment, position, code = '' }, elements = [] }) => {
    const place = `segment ${position} ${segment}`;
    const inside = elements.map(({ element: { place: where, code: fault } }) => ({
      position: `${place}, element ${where.element}${where.component ? `-${where.component}` : ''}`,
      reason: ELEMENT[fault] ?? `Code ${fault}`,
    }));
    return inside.length > 0 ? inside : [{ position: place, reason: SEGMENT[code] ?? `Code ${code || 'not told'}` }];
  });
  return found.length > 0 ? found : told(answer.reasons, SET, 'the set');
}

/** Why a whole group was turned away. */
export const faultsOfGroup = ({ answer }: Pick<FunctionalAcknowledgment, 'answer'>): AcknowledgedFault[] =>
  told(answer.reasons, GROUP, 'the group');

function told(codes: readonly string[] = [], words: Readonly<Record<string, string>>, position: string) {
  const reasons = codes.map((code) => words[code] ?? `Code ${code}`);
  return (reasons.length > 0 ? reasons : ['No reason is told']).map((reason) => ({ position, reason }));
}
