import { Coding } from './coding.js';
import { choice, code, day, decimal, formatted, instant, list, nested, text } from './field.js';
import { Money } from './money.js';
import { financeContract } from './phi.js';

/** An entry of the charge master (charge description master). */
export class ChargeItem {
  @code('Charge code', { example: 'CH-VISIT-CHECKUP' })
  code!: string;

  @text('What is charged')
  description!: string;

  @nested('Price of one', () => Money)
  price!: Money;

  @code('Service line that earns it', { example: 'PRIMARY-CARE' })
  serviceLine!: string;

  @formatted('HCPCS level II code', /^[A-Z][0-9]{4}$/, { optional: true })
  hcpcs?: string;
}

/** Who pays, and what share of the gross charge the contract lets us expect. */
export class Payer {
  @code('Code', { example: 'PRIVATE' })
  code!: string;

  @text('Name')
  name!: string;

  @choice('Kind', ['commercial', 'medicare', 'medicaid', 'self-pay'])
  kind!: 'commercial' | 'medicare' | 'medicaid' | 'self-pay';

  @decimal('Expected share of the gross charge, 0 to 1', { example: '0.72' })
  expectedShare!: string;
}

export class ClaimLine {
  @code('Charge code')
  chargeCode!: string;

  @nested('The clinical code that was charged', () => Coding)
  service!: Coding;

  @decimal('Units', { example: '1' })
  quantity!: string;

  @nested('Charge of the line', () => Money)
  charge!: Money;
}

/** A claim to be raised. It carries the encounter, never the patient: billing knows whom the encounter belongs to. */
export class NewClaim {
  @code('Encounter')
  encounterId!: string;

  @code('Facility')
  facility!: string;

  @code('Payer')
  payer!: string;

  @day('Day of service')
  serviceDate!: string;

  @list('Lines', () => ClaimLine, { min: 1, max: 400 })
  lines!: ClaimLine[];
}

/** A claim of the revenue cycle platform. */
@financeContract
export class Claim extends NewClaim {
  @code('Identifier')
  id!: string;

  @code('Claim number', { example: 'CLM-000123' })
  number!: string;

  @choice('Status', ['ready', 'submitted', 'void'])
  status!: 'ready' | 'submitted' | 'void';

  @nested('Sum of the lines', () => Money)
  charge!: Money;

  @nested('What the payer contract lets us expect', () => Money)
  expected!: Money;

  @instant('When it was raised')
  createdAt!: string;
}

/** Why a claim is voided. */
export class ClaimVoid {
  @text('Reason, without any name of a person', { example: 'Encounter corrected' })
  reason!: string;
}
