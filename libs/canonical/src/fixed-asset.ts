import { choice, code, count, day, nested, text } from './field.js';
import { Money } from './money.js';
import { changedAt, revision } from './revision.js';

/** Something that is used for years and loses value month by month, for example a scanner. */
export class FixedAsset {
  @code('Asset number', { example: 'FA-0001' })
  id!: string;

  @text('Name', { example: 'CT scanner, 128 slices' })
  name!: string;

  @code('Legal entity')
  legalEntity!: string;

  @code('Cost center')
  costCenter!: string;

  @code('Serial number', { optional: true })
  serialNumber?: string;

  @day('When it was put into service')
  inServiceOn!: string;

  @count('Useful life in months', { min: 1, max: 1200, example: 84 })
  usefulLifeMonths!: number;

  @nested('What it cost', () => Money)
  cost!: Money;

  @nested('Depreciation that is posted to date', () => Money)
  depreciation!: Money;

  @nested('What it is worth in the books: cost less depreciation', () => Money)
  bookValue!: Money;

  @choice('Status', ['in-service', 'disposed'])
  status!: 'in-service' | 'disposed';

  @revision()
  revision!: string;

  @changedAt()
  changedAt!: string;
}
