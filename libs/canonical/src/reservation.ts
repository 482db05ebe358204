import { choice, code, day, decimal, text } from './field.js';
import { changedAt, revision } from './revision.js';

/** Stock that is set aside for a purpose, so that nobody else takes it. */
export class NewReservation {
  @code('Item')
  item!: string;

  @code('Stock location', { example: 'STOCK-NORTH' })
  location!: string;

  @decimal('How much, in the unit of the item, positive', { example: '2' })
  quantity!: string;

  @text('Unit', { max: 40, example: 'each' })
  unit!: string;

  @code('What it is set aside for, for example the scheduled case')
  reference!: string;

  @day('When it is needed')
  neededOn!: string;
}

export class Reservation extends NewReservation {
  @code('Identifier', { example: 'RES-000001' })
  id!: string;

  @choice('Status', ['reserved', 'released', 'fulfilled'])
  status!: 'reserved' | 'released' | 'fulfilled';

  @revision()
  revision!: string;

  @changedAt()
  changedAt!: string;
}
