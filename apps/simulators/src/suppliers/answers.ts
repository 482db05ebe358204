/**
 * What the suppliers answer to an order, alone from the order: a 997 and an 855 at once, an 856 a day later and an 810
 * the day after. They confirm up to 100 units of a line and owe the rest. To an 860 they
 * answer a 997 and an 865; what they then send off and invoice is the order as it was changed.
 */
import {
  acknowledgmentOf,
  type Finding,
  FUNCTIONAL_ACKNOWLEDGMENT,
  type Guide,
  PURCHASE_ORDER,
  PURCHASE_ORDER_CHANGE,
  type PurchaseOrderChange,
  type PurchaseOrderSet,
  readSet,
  readX12,
  type X12Group,
  type X12Interchange,
  type X12Set,
} from '@concord/x12';
import { type Answer, answering, type Back } from './answer.js';
import { answerToChange } from './change.answer.js';
import { answersToOrder } from './order.answers.js';
import type { Standing } from './standing.js';

/** All answers to a file of orders and changes; none to what is none. */
export function answersTo(content: Buffer, standing: Standing): Answer[] {
  return readX12(content).interchanges.flatMap((interchange) =>
    interchange.groups.flatMap((group) => {
      const back = answering(interchange.header, group.header);
      const { functionalId } = group.header;
      if (functionalId === 'PO') {
        const told = (value: PurchaseOrderSet, set: X12Set) => answersToOrder(value, set, standing, back);
        return answersToGroup(PURCHASE_ORDER, group, interchange, standing, back, told);
      }
      if (functionalId !== 'PC') return [];
      const told = (value: PurchaseOrderChange) => [answerToChange(value, standing, back)];
      return answersToGroup(PURCHASE_ORDER_CHANGE, group, interchange, standing, back, told);
    }),
  );
}

function answersToGroup<V>(
  guide: Guide<V>,
  group: X12Group,
  { faults }: X12Interchange,
  { isDeaf }: Standing,
  back: Back,
  told: (value: V, set: X12Set) => Answer[],
): Answer[] {
  const deaf = isDeaf();
  const read = group.sets.map((set) => {
    const { value, findings } = readSet(guide, set);
    return { set, faults, value, findings: deaf ? [UNHEARD] : findings };
  });
  const acknowledgment = acknowledgmentOf(group, read);
  const good = read.filter(({ findings }) => findings.length === 0 && faults.length === 0);
  return [
    back('997', 0, FUNCTIONAL_ACKNOWLEDGMENT, () => acknowledgment),
    ...good.flatMap(({ value, set }) => told(value, set)),
  ];
}

/** A supplier who does not know one of our codes. */
const UNHEARD: Finding = {
  level: 2,
  code: 'not-a-code',
  message: 'The code is not known',
  pointer: 'BEG-02',
  segment: 2,
  segmentName: 'BEG',
  element: 2,
};
