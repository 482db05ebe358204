import { Coding } from './coding.js';
import { choice, code, day, decimal, instant, nested, text } from './field.js';
import type { Phi } from './phi.js';
import { changedAt, revision } from './revision.js';

export const SUPPLY_USE_KIND = ['device', 'supply', 'medication', 'immunization'] as const;
export const SUPPLY_USE_STATUS = ['planned', 'in-progress', 'used', 'not-used', 'entered-in-error', 'unknown'] as const;

/**
 * Unique Device Identification (21 CFR 801.40) as it was scanned. The production identifiers of an implant name its
 * bearer: 45 CFR 164.514(b)(2)(i)(M).
 */
export class DeviceIdentification {
  @text('Device identifier: which product, of which version', { optional: true, example: '00889842115628' })
  deviceIdentifier?: string;

  @text('The barcode in words, as the carrier shows it', { optional: true, max: 400, dataClass: 'phi' })
  carrier?: Phi<string>;

  @text('Serial number', { optional: true, max: 80, dataClass: 'phi' })
  serial?: Phi<string>;
}

/** A device, a supply or a drug that was used on a patient, with what a recall would look for. */
export class SupplyUseRecord {
  @code('Identifier in the EHR', { example: 'DeviceUseStatement:77' })
  id!: string;

  @choice('What kind of thing', SUPPLY_USE_KIND)
  kind!: (typeof SUPPLY_USE_KIND)[number];

  @choice('Whether it was used', SUPPLY_USE_STATUS)
  status!: (typeof SUPPLY_USE_STATUS)[number];

  @nested('What was used; absent as long as nobody has coded it', () => Coding, { optional: true })
  item?: Coding;

  @nested('Its unique device identification', () => DeviceIdentification, { optional: true })
  udi?: DeviceIdentification;

  @decimal('How much, in `unit`', { example: '1' })
  quantity!: string;

  @text('Unit of use, UCUM where the record has it', { max: 40, example: 'each' })
  unit!: string;

  @text('Lot or batch number', { optional: true, max: 40 })
  lot?: string;

  @day('When it expires', { optional: true })
  expiresOn?: string;

  @instant('When it was used', { optional: true })
  usedAt?: string;

  @code('Encounter in which it was used', { optional: true })
  encounterId?: string;

  @code('Patient', { optional: true, dataClass: 'phi' })
  patientId?: Phi<string>;

  @code('Procedure in which it was used', { optional: true })
  procedureId?: string;

  @revision()
  revision!: string;

  @changedAt()
  changedAt!: string;
}
