import { code, day, list, nested } from './field.js';
import { Money } from './money.js';
import { RemittanceAdjustment } from './remittance.js';

/** What another payer, who comes before this one, decided of a claim as a whole. */
export class OtherPayerDecision {
  @code('Payer')
  payer!: string;

  @day('Day of the decision')
  decidedOn!: string;

  @nested('Payment', () => Money)
  paid!: Money;

  @list('Why that is not the charge: charge less adjustments is the payment', () => RemittanceAdjustment, { max: 30 })
  adjustments!: RemittanceAdjustment[];

  @nested('What is left to the patient', () => Money, { optional: true })
  patientOwes?: Money;
}
