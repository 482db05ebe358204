import { code, decimal, nested, text } from './field.js';
import { Money } from './money.js';
import { financeContract } from './phi.js';

/** Which service, for which payer. */
export class PriceQuestion {
  @code('Clinical or charge code', { example: '185349003' })
  code!: string;

  @text('URI of its code system; SNOMED CT where nothing is said', {
    optional: true,
    example: 'http://snomed.info/sct',
  })
  system?: string;

  @text('Payer, as the EHR names it', { optional: true, example: 'medicare' })
  payer?: string;

  @decimal('Units; one where nothing is said', { optional: true, example: '1' })
  quantity?: string;
}

/** What a service costs, and what its payer is expected to pay. An estimate, not an offer. */
@financeContract
export class PriceEstimate {
  @code('Charge code')
  chargeCode!: string;

  @text('What is charged')
  description!: string;

  @code('Service line')
  serviceLine!: string;

  @nested('Gross charge', () => Money)
  gross!: Money;

  @nested('Expected payment of the payer; absent where no payer was named', () => Money, { optional: true })
  expected?: Money;
}
