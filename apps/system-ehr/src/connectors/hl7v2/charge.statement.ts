import { SYSTEMS } from '@concord/canonical';
import { readChargeFacts, type ChargeFacts } from '@concord/hl7v2';
import { Decimal } from 'decimal.js';
import type { ChargeFact } from '../facts/encounter.facts.js';
import type { Statement } from '../facts/statement.js';
import { codingOf } from './code-systems.js';
import { facilityOf } from './mentions.statement.js';
import type { Source } from './source.js';
import { visitStatements } from './visit.statement.js';

/** What a transaction does to the quantity (HL7 table 0017); payments and adjustments do nothing. */
const SIGN = new Map<string, ChargeFact['sign']>([
  ['CG', 1],
  ['CD', -1], // credit
]);

/** A charge with what else FT1 says of it. */
export interface KeyedCharge extends ChargeFact {
  readonly type: string;
  readonly amount?: ChargeFacts['amount'];
  readonly unitPrice?: ChargeFacts['unitPrice'];
  readonly unitCost?: ChargeFacts['unitCost'];
  readonly department?: ChargeFacts['department'];
  readonly location?: ChargeFacts['location'];
  readonly performedBy?: string;
  readonly procedure?: ChargeFacts['procedure'];
  readonly modifiers: readonly string[];
  readonly ndc?: ChargeFacts['ndc'];
  readonly diagnoses: ChargeFacts['diagnoses'];
}

/**
 * DFT^P03 and P11: charges of a visit. A transaction that is sent again under the same number is the same one, as it was said
 * last; one without a number is known by its message.
 */
export function chargeStatements(source: Source): Statement[] {
  const { controlId } = source.message.header;
  const charges = readChargeFacts(source.message).map((charge) => {
    const { transactionId, sequence, type, code } = charge;
    const number = transactionId ?? source.hiddenId('m', controlId, source.saidAt, `${sequence}`);
    return { name: `${number}|${type}|${code.code}`, charge: keyed(source, charge) };
  });
  const facts = Object.fromEntries(charges.map(({ name, charge }) => [`charge:${name}`, charge]));
  const [encounter, ...others] = visitStatements(source, facts);
  const keyedIn = charges.flatMap(({ name, charge }) => chargeStatement(source, encounter!, name, charge));
  return [encounter!, ...others, ...keyedIn];
}

/** A charge as a resource of its own; a credit takes away. Payments and adjustments are none. */
function chargeStatement(source: Source, encounter: Statement, name: string, charge: KeyedCharge): Statement[] {
  if (charge.sign === 0) return [];
  const facility = charge.location?.facility;
  const facts = {
    status: 'billable',
    code: charge.code,
    quantity: new Decimal(charge.quantity).times(charge.sign).toDecimalPlaces(6).toFixed(),
    encounterId: encounter.id,
    patientId: encounter.facts['patientId'],
    renderedAt: `${charge.date}T00:00:00.000Z`,
    organization: facility === undefined ? undefined : facilityOf(facility), // FT1-16.4
  };
  return [source.state('charge', source.hiddenId('c', encounter.id, name), facts)];
}

function keyed(source: Source, { code, quantity = '1', transactionId: _, ...rest }: ChargeFacts): KeyedCharge {
  const coding = codingOf(code, SYSTEMS.chargeCode); // FT1-7 transaction code; a local one is of the charge master
  if (!coding) source.lose(`FT1[${rest.sequence}]-7`, 'is no code: letters, digits and ._:- only');
  return {
    ...rest,
    code: coding,
    sign: SIGN.get(rest.type) ?? 0,
    quantity: new Decimal(quantity).abs().toFixed(), // some senders write credits negative, too
  };
}
