import { count, instant } from './field.js';

/** How fresh and how complete an answer is that was made from events. */
export class Freshness {
  @count('Position of the last event that was taken in; 0 before the first', { max: Number.MAX_SAFE_INTEGER })
  position!: number;

  @instant('Time of that event; absent before the first', { optional: true })
  asOf?: string;

  @count('Events that wait to be taken in; 0 where the answer is complete', { example: 0 })
  behind!: number;
}
