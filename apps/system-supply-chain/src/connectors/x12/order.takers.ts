/** What suppliers answer to orders: 997 whether it could be read, 855 and 865 what they say to it, 856 what they sent off. */
import type { SupplyOrder } from '@concord/canonical';
import {
  faultsOfGroup,
  faultsOfSet,
  FUNCTIONAL_ACKNOWLEDGMENT,
  PURCHASE_ORDER_ACKNOWLEDGMENT,
  PURCHASE_ORDER_CHANGE_ACKNOWLEDGMENT,
  readSet,
  SHIP_NOTICE,
} from '@concord/x12';
import { sentInGroup } from './exchange.store.js';
import { isChanging } from '../../held/order-change.js';
import { isCancelling } from '../../held/order-rules.js';
import {
  answerToCancellation,
  answerToChange,
  changeConfirmationOf,
  confirmationOf,
  isOfCancellation,
  shipmentsOf,
} from './order.mapping.js';
import { orderOf, type Take } from './taking.js';

const TAKEN = /^[AE]$/; // AK501 and AK901: accepted, accepted with errors

export const takeAcknowledgment: Take = async (set, { tx, answers, partner }) => {
  const { group, sets: [first] = [], answer } = readSet(FUNCTIONAL_ACKNOWLEDGMENT, set, { level: 0 }).value;
  const sent = await sentInGroup(tx, partner.supplier, Number(group.controlNumber));
  if (!sent) return;
  // Each file of ours holds one set.
  if (TAKEN.test(first?.answer.code ?? answer.code))
    return sent.about === 'order' ? answers.acknowledge(sent.order) : undefined;
  const faults = first ? faultsOfSet(first) : faultsOfGroup({ answer });
  if (sent.about === 'order') await answers.turnAway(sent.order, faults);
  else if (sent.about === 'change') await answers.turnChangeAway(sent.order, faults);
  else await answers.turnCancellationAway(sent.order, faults);
};

export const takeConfirmation: Take = async (set, taking) => {
  const { partner, control, answers } = taking;
  const { value } = readSet(PURCHASE_ORDER_ACKNOWLEDGMENT, set, { level: 0 });
  const order = await orderOf(taking, value.answer.number);
  if (!order) return;
  const id = `${partner.supplier}:${control}:${set.controlNumber}`;
  await answers.confirm(id, confirmationOf(value, partner.supplier, order.total.currency));
};

/** The answer to what we asked for, by what it says it answers; where we asked for nothing, he changes what he confirmed. */
export const takeChange: Take = async (set, taking) => {
  const { partner, control, answers } = taking;
  const { value } = readSet(PURCHASE_ORDER_CHANGE_ACKNOWLEDGMENT, set, { level: 0 });
  const order = await orderOf(taking, value.answer.number);
  if (!order) return;
  const isChangeAsked = isChanging(order);
  if (isCancelling(order) && (isOfCancellation(value) || !isChangeAsked)) {
    await answers.answerCancellation(order.id, answerToCancellation(value));
    return;
  }
  const answer = answerToChange(value);
  if (isChangeAsked) await answers.answerChange(order.id, answer);
  const confirmation = changeConfirmationOf(value, partner.supplier, order.total.currency);
  if (isChangeAsked && (answer === 'refused' || confirmation.lines.length === 0)) return;
  await answers.confirm(`${partner.supplier}:${control}:${set.controlNumber}`, confirmation);
};

export const takeShipment: Take = async (set, taking) => {
  const { partner, answers } = taking;
  const { value } = readSet(SHIP_NOTICE, set, { level: 0 });
  const orders = new Map<string, SupplyOrder>();
  for (const { order } of value.shipment.orders) {
    const found = await orderOf(taking, order?.number);
    if (found) orders.set(found.number, found);
  }
  for (const notice of shipmentsOf(value, partner.supplier, (number) => orders.get(number)))
    await answers.ship(`${partner.supplier}:${notice.number}:${notice.order}`, notice);
};
