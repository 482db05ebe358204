import { codes, count, day, code, decimal, formatted, list, nested } from './field.js';
import { Money } from './money.js';
import { RemittanceAdjustment } from './remittance.js';

/**
 * What another payer decided of one line of the claim. Of a line that he split there are several. Their payments and
 * adjustments come to the charge of the line.
 */
export class OtherPayerLine {
  @count('Line of the claim, from 1', { min: 1, max: 400 })
  line!: number;

  @nested('Payment', () => Money)
  paid!: Money;

  @list('Why that is not the charge: charge less adjustments is the payment', () => RemittanceAdjustment, { max: 30 })
  adjustments!: RemittanceAdjustment[];

  @decimal('Units that were paid; those of the line where it is left out', { optional: true, example: '1' })
  quantity?: string;

  @formatted('Procedure (HCPCS) as the payer saw it; that of the line where it is left out', /^[A-Z0-9]{5}$/, {
    optional: true,
    example: 'G0008',
  })
  procedure?: string;

  @codes('Modifiers of the procedure as the payer saw it', { optional: true, max: 4 })
  modifiers?: string[];

  @formatted('Revenue code as the payer saw it; that of the line where it is left out', /^[0-9]{4}$/, {
    optional: true,
    example: '0510',
  })
  revenueCode?: string;

  @count('Line with which the payer paid this one together', { optional: true, min: 1, max: 400 })
  bundledInto?: number;

  @day('Day of the decision, where it is another than that of the claim', { optional: true })
  decidedOn?: string;

  @nested('What of the line is left to the patient', () => Money, { optional: true })
  patientOwes?: Money;
}

/**
 * What another payer, who comes before this one, decided of a claim: of the claim as a whole or, with `lines`, line by line. The
 * payment and all adjustments come to the charge; the payments of the lines less the adjustments of the claim are the payment.
 */
export class OtherPayerDecision {
  @code('Payer')
  payer!: string;

  @day('Day of the decision')
  decidedOn!: string;

  @nested('Payment', () => Money)
  paid!: Money;

  @list(
    'Adjustments of the claim as a whole; those of its lines stand there and not here',
    () => RemittanceAdjustment,
    {
      max: 30,
    },
  )
  adjustments!: RemittanceAdjustment[];

  @list('What he decided line by line: all lines or none', () => OtherPayerLine, { optional: true, max: 2000 })
  lines?: OtherPayerLine[];

  @nested('What is left to the patient', () => Money, { optional: true })
  patientOwes?: Money;
}
