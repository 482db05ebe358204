/**
 * A supplier as a party of Tryton and back. That it is one, and that nothing is bought from it, its categories say; our
 * business key stands among its identifiers, which people see: `concord:0123…cdef`.
 */
import type { NewSupplier, PostalAddress, Supplier } from '@concord/canonical';
import { changedAtOf, STAMPS, type Stamped } from '@concord/tryton';

export const PARTY_FIELDS = [
  'code',
  'name',
  'active',
  'categories',
  'bank_accounts',
  'supplier_payment_term',
  ...STAMPS,
] as const;

export interface WireParty extends Stamped {
  readonly id: number;
  readonly code: string;
  readonly name: string | null;
  readonly active: boolean;
  readonly categories: readonly number[];
  readonly bank_accounts: readonly number[];
  readonly supplier_payment_term: number | null;
}

export const IDENTIFIER_FIELDS = ['party', 'type', 'code'] as const;

export interface WireIdentifier {
  readonly id: number;
  readonly party: number;
  /** `us_ein` is the Employer Identification Number; null is ours. */
  readonly type: string | null;
  readonly code: string;
}

export const ADDRESS_FIELDS = ['party', 'street', 'city', 'postal_code', 'country.code', 'subdivision.code'] as const;

export interface WireAddress {
  readonly id: number;
  readonly party: number;
  readonly street: string | null;
  readonly city: string | null;
  readonly postal_code: string | null;
  readonly 'country.': { readonly code: string } | null;
  /** `US-MN` */
  readonly 'subdivision.': { readonly code: string } | null;
}

export const keyIdentifier = (mark: string): string => `concord:${mark}`;

export const EIN = 'us_ein';

/** What belongs to a party, in records of its own. */
export interface Belongings {
  readonly taxId?: string | undefined;
  readonly address?: WireAddress | undefined;
  readonly paymentDays: number;
  readonly currency: string;
  readonly blockedCategory: number | undefined;
}

export function toSupplier(
  party: WireParty,
  { taxId, address, paymentDays, currency, blockedCategory }: Belongings,
): Supplier {
  const where = address && toAddress(address);
  return {
    id: party.code, // number of the party
    name: party.name ?? party.code,
    ...(taxId === undefined ? {} : { taxId: withDash(taxId) }),
    ...(where ? { address: where } : {}),
    currency, // of the books: this Tryton keeps none for a supplier
    paymentDays, // of its payment term
    active: party.active,
    blocked: blockedCategory !== undefined && party.categories.includes(blockedCategory),
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
