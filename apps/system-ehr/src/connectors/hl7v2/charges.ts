import { SYSTEMS, type EncounterService } from '@concord/canonical';
import type { ChargeFacts } from '@concord/hl7v2';
import { Decimal } from 'decimal.js';
import { decimalOf } from '../quantity.js';
import { codingOf } from './code-systems.js';
import type { VisitMessage } from './visit-message.js';

export interface Charges {
  readonly services: readonly EncounterService[];
  /** Whether every charge has a code that can be carried. */
  readonly isCoded: boolean;
  /** First and last day of service, `YYYY-MM-DD`. */
  readonly days: { readonly first: string; readonly last: string } | undefined;
}

/** What a transaction does to the quantity (HL7 table 0017); payments and adjustments do nothing. */
const SIGN = new Map([
  ['CG', 1],
  ['CD', -1], // credit
]);

/**
 * The charges of a visit, each code once with what is left of its quantity. A transaction that is sent again under the
 * same number counts once.
 */
export function chargesOf(messages: readonly VisitMessage[]): Charges {
  const transactions = distinct(messages.flatMap(({ charges }) => charges)).filter(({ type }) => SIGN.has(type));
  const services = new Map<string, EncounterService>();
  let isCoded = true;
  for (const { code: charged, type, quantity = '1' } of transactions) {
    const code = codingOf(charged, SYSTEMS.chargeCode); // FT1-7 transaction code; a local one is of the charge master
    if (!code) {
      isCoded = false;
      continue;
    }
    const name = `${code.system}|${code.code}`;
    const service = services.get(name) ?? { id: `charge-${services.size + 1}`, kind: 'charge', code, quantity: '0' };
    const change = new Decimal(quantity).abs().times(SIGN.get(type) ?? 0); // some senders write credits negative, too
    services.set(name, { ...service, quantity: decimalOf(change.plus(service.quantity)) });
  }
  const days = transactions.map(({ date }) => date).sort();
  return {
    services: [...services.values()].filter(({ quantity }) => new Decimal(quantity).greaterThan(0)),
    isCoded,
    days: days.length ? { first: days[0]!, last: days.at(-1)! } : undefined,
  };
}

function distinct(charges: readonly ChargeFacts[]): ChargeFacts[] {
  const seen = new Map<string, ChargeFacts>();
  charges.forEach((charge, i) => {
    const { transactionId, type, code } = charge;
    const name = transactionId === undefined ? `${i}` : `${transactionId}|${type}|${code.code}`;
    if (!seen.has(name)) seen.set(name, charge);
  });
  return [...seen.values()];
}
