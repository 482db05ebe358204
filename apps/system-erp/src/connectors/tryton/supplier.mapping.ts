/**
 * A supplier as a party of Tryton and back. That it is one, and that nothing is bought from it, its categories say; our
 * business key stands among its identifiers, which people see: `concord:0123…cdef`.
 */
import type { NewSupplier, PostalAddress, Supplier } from '@concord/canonical';
import { changedAtOf, STAMPS, type Stamped } from '@concord/tryton';
import { daysOf, DELTA_FIELDS, type WireTerm } from './payment-terms.js';

/** All of a supplier, so that it is read in one call. */
export const PARTY_FIELDS = [
  'code',
  'name',
  'active',
  'categories.name',
  'bank_accounts',
  'supplier_payment_term',
  ...DELTA_FIELDS.map((field) => `supplier_payment_term.${field}`),
  'identifiers.type',
  'identifiers.code',
  'addresses.active',
  'addresses.street',
  'addresses.city',
  'addresses.postal_code',
  'addresses.country.code',
  'addresses.subdivision.code',
  ...STAMPS,
];

export interface WireParty extends Stamped {
  readonly id: number;
  readonly code: string;
  readonly name: string | null;
  readonly active: boolean;
  readonly 'categories.': readonly { readonly name: string }[];
  readonly bank_accounts: readonly number[];
  readonly supplier_payment_term: number | null;
  readonly 'supplier_payment_term.': WireTerm | null;
  readonly 'identifiers.': readonly WireIdentifier[];
  readonly 'addresses.': readonly WireAddress[];
}

export interface WireIdentifier {
  readonly id: number;
  /** `us_ein` is the Employer Identification Number; null is ours. */
  readonly type: string | null;
  readonly code: string;
}

export interface WireAddress {
  readonly id: number;
  readonly active: boolean;
  readonly street: string | null;
  readonly city: string | null;
  readonly postal_code: string | null;
  readonly 'country.': { readonly code: string } | null;
  /** `US-MN` */
  readonly 'subdivision.': { readonly code: string } | null;
}

const oldest = <T extends { readonly id: number }>(records: readonly T[]): T | undefined =>
  records.toSorted((a, b) => a.id - b.id)[0];

/** Where its orders and invoices go. */
export const addressOf = (party: WireParty): WireAddress | undefined =>
  oldest(party['addresses.'].filter(({ active }) => active));

export const einOf = (party: WireParty): WireIdentifier | undefined =>
  oldest(party['identifiers.'].filter(({ type }) => type === EIN));

export const keyIdentifier = (mark: string): string => `concord:${mark}`;

export const EIN = 'us_ein';

/** @param blocked name of the category of those that nothing is bought from */
export function toSupplier(party: WireParty, currency: string, blocked: string): Supplier {
  const [taxId, address, term] = [einOf(party)?.code, addressOf(party), party['supplier_payment_term.']];
  const where = address && toAddress(address);
  return {
    id: party.code, // number of the party
    name: party.name ?? party.code,
    ...(taxId === undefined ? {} : { taxId: withDash(taxId) }),
    ...(where ? { address: where } : {}),
    currency, // of the books: this Tryton keeps none for a supplier
    paymentDays: term ? daysOf(term) : 0, // of its payment term
    active: party.active,
    blocked: party['categories.'].some(({ name }) => name === blocked),
    hasBankDetails: party.bank_accounts.length > 0,
    revision: party._timestamp,
    changedAt: changedAtOf(party),
  };
}

/** Undefined where it does not say street, city and country. */
function toAddress({ street, city, postal_code, ...address }: WireAddress): PostalAddress | undefined {
  const country = address['country.']?.code;
  if (!street || !city || !country) return undefined;
  const region = address['subdivision.']?.code.slice(country.length + 1);
  return { street, city, ...(region ? { region } : {}), ...(postal_code ? { postalCode: postal_code } : {}), country };
}

/** `41-0000001`, also where it was entered without. */
const withDash = (ein: string): string => ein.replace(/^(\d{2})-?(\d{7})$/, '$1-$2');

/** What of a party is written with the supplier itself. */
export const toParty = ({ name }: NewSupplier, term: number): object => ({ name, supplier_payment_term: term });
