import { codeOf, type Hl7Amount, type Hl7Code } from './data-types.js';
import { malformed } from './fault.js';
import type { Hl7Message } from './message.js';
import { Reading } from './reading.js';
import type { Segment } from './segment.js';

/** One financial transaction of a DFT message (FT1, HL7 2.5.1 §6.5.1): a charge, a credit or a payment. */
export interface ChargeFacts {
  /** Its number within the message, from 1. */
  readonly sequence: number;
  /** The sender's number of the transaction, by which a repetition is recognised. */
  readonly transactionId?: string;
  /** The date of service, `YYYY-MM-DD`, where the service was given. */
  readonly date: string;
  /** `CG` charge, `CD` credit, `PY` payment, `AJ` adjustment, `CO` co-payment (table 0017). */
  readonly type: string;
  /** The facility's charge code; often a code of its charge master, with the procedure beside it. */
  readonly code: Hl7Code;
  /** A decimal string. */
  readonly quantity?: string;
  /** What is asked for the whole quantity. */
  readonly amount?: Hl7Amount;
  /** What is asked for one. */
  readonly unitPrice?: Hl7Amount;
  /** What one costs the facility. */
  readonly unitCost?: Hl7Amount;
  readonly department?: Hl7Code;
  readonly location?: { readonly pointOfCare?: string; readonly facility?: string };
  readonly diagnoses: readonly Hl7Code[];
  /** The facility's number of who performed it. */
  readonly performedBy?: string;
  readonly procedure?: Hl7Code;
  readonly modifiers: readonly string[];
  /** The drug, as a National Drug Code. */
  readonly ndc?: Hl7Code;
}

/**
 * The transactions of a DFT^P03 or DFT^P11 in the order they came. Throws `malformed` where there is none, or where one lacks
 * its date, type or code or holds a number that is none; faults of the second are at `FT1[2]-…`.
 */
export function readChargeFacts(message: Hl7Message): ChargeFacts[] {
  const transactions = message.segments('FT1');
  if (transactions.length === 0) throw malformed('FT1', 'structure', 'The message holds no financial transaction');
  const reading = new Reading(message);
  const charges = transactions.map((ft1) => chargeOf(ft1, reading));
  reading.done();
  return charges;
}

function chargeOf(ft1: Segment, reading: Reading): ChargeFacts {
  const at = (field: number) => ({ segment: 'FT1', occurrence: ft1.occurrence, field });
  return {
    sequence: ft1.occurrence, // counted here: FT1-1 set id is optional, and restarts in some messages
    transactionId: ft1.text(2), // FT1-2 transaction id
    date: reading.needed(reading.date(ft1, 4), at(4), 'the transaction date'), // FT1-4 transaction date, start of a range
    type: reading.needed(ft1.text(6), at(6), 'the transaction type'), // FT1-6 transaction type
    code: reading.needed(reading.code(ft1, 7), at(7), 'the transaction code'), // FT1-7 transaction code
    quantity: reading.decimal(ft1, 10), // FT1-10 transaction quantity
    amount: reading.amount(ft1, 11), // FT1-11 transaction amount, extended: price times quantity
    unitPrice: reading.amount(ft1, 12), // FT1-12 transaction amount, unit: the price of a single item
    unitCost: reading.amount(ft1, 22), // FT1-22 unit cost: the cost of a single item
    department: reading.code(ft1, 13), // FT1-13 department code
    location: locationOf(ft1), // FT1-16 assigned patient location
    diagnoses: ft1.repetitions(19).flatMap((field) => codeOf(field) ?? []), // FT1-19 diagnosis codes
    performedBy: ft1.text(20), // FT1-20.1 performed by, id
    procedure: reading.code(ft1, 25), // FT1-25 procedure code
    modifiers: ft1.repetitions(26).flatMap((field) => field.text() ?? []), // FT1-26 procedure code modifiers
    ndc: reading.code(ft1, 29), // FT1-29 NDC
  };
}

function locationOf(ft1: Segment): ChargeFacts['location'] {
  const pointOfCare = ft1.text(16, 1); // FT1-16.1 nursing unit or department
  const facility = ft1.text(16, 4); // FT1-16.4 facility
  return pointOfCare === undefined && facility === undefined ? undefined : { pointOfCare, facility };
}
