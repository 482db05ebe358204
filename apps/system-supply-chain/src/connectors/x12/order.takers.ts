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
import { answerToChange, changeConfirmationOf, confirmationOf, shipmentsOf } from './order.mapping.js';
import { orderOf, type Take } from './taking.js';

const TAKEN = /^[AE]$/; // AK501 and AK901: accepted, accepted with errors

export const takeAcknowledgment: Take = async (set, { tx, answers, partner }) => {
  const { group, sets: [first] = [], answer } = readSet(FUNCTIONAL_ACKNOWLEDGMENT, set, { level: 0 }).value;
  const sent = await sentInGroup(tx, partner.supplier, Number(group.controlNumber));
  if (!sent) return;
  // Each file of ours holds one set.
  if (TAKEN.test(first?.answer.code ?? answer.code))
    return sent.kind === '850' ? answers.acknowledge(sent.order) : undefined;
  const faults = first ? faultsOfSet(first) : faultsOfGroup({ answer });
  if (sent.kind === '850') await answers.turnAway(sent.order, faults);
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

/** The answer to a change that we asked for; where we asked for none, he changes what he confirmed. */
export const takeChange: Take = async (set, taking) => {
  const { partner, control, answers } = taking;
  const { value } = readSet(PURCHASE_ORDER_CHANGE_ACKNOWLEDGMENT, set, { level: 0 });
  const order = await orderOf(taking, value.answer.number);
  if (!order) return;
  if (order.cancellation && !order.cancellation.answer) {
    await answers.answerCancellation(order.id, answerToChange(value));
    return;
  }
  const id = `${partner.supplier}:${control}:${set.controlNumber}`;
  await answers.confirm(id, changeConfirmationOf(value, partner.supplier, order.total.currency));
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
