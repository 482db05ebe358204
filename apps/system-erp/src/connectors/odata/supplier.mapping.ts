/** A supplier out of a record of the service, and back; one field a line. */
import type { NewSupplier, Supplier } from '@concord/canonical';
import type { ForeignRecord, Values } from './odata.records.js';
import { optional, text, tracked } from './odata.values.js';

export const toSupplier = (record: ForeignRecord): Supplier => ({
  id: text(record.values, 'id'),
  name: text(record.values, 'name'),
  taxId: optional(record.values, 'taxId'),
  address: addressOf(record.values),
  currency: text(record.values, 'currency'),
  paymentDays: Number(record.values['paymentDays']),
  active: record.values['active'] === true,
  blocked: record.values['blocked'] === true,
  hasBankDetails: record.values['hasBankDetails'] === true,
  ...tracked(record),
});

const addressOf = (values: Values): Supplier['address'] =>
  optional(values, 'street') && optional(values, 'city') && optional(values, 'country')
    ? {
        street: text(values, 'street'),
        city: text(values, 'city'),
        region: optional(values, 'region'),
        postalCode: optional(values, 'postalCode'),
        country: text(values, 'country'),
      }
    : undefined;

/** What is absent is taken away. */
export const fromSupplier = ({ name, taxId, address, currency, paymentDays }: NewSupplier): Values => ({
  name,
  taxId: taxId ?? null,
  street: address?.street ?? null,
  city: address?.city ?? null,
  region: address?.region ?? null,
  postalCode: address?.postalCode ?? null,
  country: address?.country ?? null,
  currency,
  paymentDays,
});
