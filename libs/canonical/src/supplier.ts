import { code, count, flag, formatted, nested, text } from './field.js';
import { changeOf } from './merge-patch.js';
import { changedAt, revision } from './revision.js';

/** Where a company is. */
export class PostalAddress {
  @text('Street and number', { example: '12 Harbor Street' })
  street!: string;

  @text('City', { example: 'Duluth' })
  city!: string;

  @text('State or province', { optional: true, max: 40, example: 'MN' })
  region?: string;

  @text('Postal code', { optional: true, max: 20, example: '55802' })
  postalCode?: string;

  @formatted('Country, ISO 3166-1 alpha-2', /^[A-Z]{2}$/, { example: 'US' })
  country!: string;
}

/** A supplier as it enters the supplier master. Its bank details never pass through here. */
export class NewSupplier {
  @text('Name of the company', { example: 'Northwind Medical Supply' })
  name!: string;

  @formatted('Employer Identification Number (26 CFR 301.7701-12)', /^[0-9]{2}-[0-9]{7}$/, {
    optional: true,
    example: '41-0000001',
  })
  taxId?: string;

  @nested('Where it is', () => PostalAddress, { optional: true })
  address?: PostalAddress;

  @formatted('Currency it is paid in, ISO 4217', /^[A-Z]{3}$/, { example: 'USD' })
  currency!: string;

  @count('Days until an invoice is due', { max: 365, example: 30 })
  paymentDays!: number;
}

/** A supplier of the supplier master. */
export class Supplier extends NewSupplier {
  @code('Identifier', { example: 'SUP-000001' })
  id!: string;

  @flag('Whether it is still bought from')
  active!: boolean;

  @flag('Whether orders and payments are stopped')
  blocked!: boolean;

  @flag('Whether the ERP holds bank details, which do not leave it')
  hasBankDetails!: boolean;

  @revision()
  revision!: string;

  @changedAt()
  changedAt!: string;
}

export class SupplierChange extends changeOf(Supplier, [
  'name',
  'taxId',
  'address',
  'currency',
  'paymentDays',
  'active',
  'blocked',
]) {}

/** Whether a supplier can be bought from and paid, and what stands against it. */
export class SupplierValidation {
  @code('Supplier')
  supplier!: string;

  @flag('Whether all of the below is as it should be')
  valid!: boolean;

  @flag('Whether it is still bought from')
  active!: boolean;

  @flag('Whether its tax number is known')
  taxIdKnown!: boolean;

  @flag('Whether orders and payments are not stopped')
  notBlocked!: boolean;

  @flag('Whether bank details are held')
  bankDetailsPresent!: boolean;
}
