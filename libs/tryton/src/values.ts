/**
 * Values as Tryton's JSON-RPC writes them. A number with decimals is an object that holds its digits as text: a JSON
 * number is refused, because the binary float shows through. Days and instants are objects too; ISO text is refused.
 */
import { Decimal } from 'decimal.js';

export interface WireDecimal {
  readonly __class__: 'Decimal';
  readonly decimal: string;
}

export interface WireDay {
  readonly __class__: 'date';
  readonly year: number;
  readonly month: number;
  readonly day: number;
}

export interface WireInstant extends Omit<WireDay, '__class__'> {
  readonly __class__: 'datetime';
  readonly hour: number;
  readonly minute: number;
  readonly second: number;
  readonly microsecond: number;
}

/** `12.50` and `-3` as they are; nothing is rounded. */
export const toWireDecimal = (value: string): WireDecimal => ({ __class__: 'Decimal', decimal: value });

/** Plain digits, whatever exponent Python's Decimal was written with. */
export const fromWireDecimal = ({ decimal }: WireDecimal): string => new Decimal(decimal).toFixed();

/** A calendar day, `2026-11-21`. */
export function toWireDay(day: string): WireDay {
  const [year = 0, month = 0, date = 0] = day.split('-').map(Number);
  return { __class__: 'date', year, month, day: date };
}

export const fromWireDay = ({ year, month, day }: WireDay): string => `${year}-${two(month)}-${two(day)}`;

/** A point in time, ISO 8601 in UTC with up to six decimals; Tryton keeps microseconds. */
export function toWireInstant(instant: string): WireInstant {
  const time = new Date(instant);
  const fraction = /\.([0-9]{1,6})Z$/.exec(instant)?.[1] ?? '';
  return {
    __class__: 'datetime',
    year: time.getUTCFullYear(),
    month: time.getUTCMonth() + 1,
    day: time.getUTCDate(),
    hour: time.getUTCHours(),
    minute: time.getUTCMinutes(),
    second: time.getUTCSeconds(),
    microsecond: Number(fraction.padEnd(6, '0')),
  };
}

/** With all six decimals, so that a list can be asked for what changed at or after it. */
export function fromWireInstant({ hour, minute, second, microsecond, ...day }: WireInstant): string {
  const time = `${two(hour)}:${two(minute)}:${two(second)}.${String(microsecond).padStart(6, '0')}`;
  return `${fromWireDay({ ...day, __class__: 'date' })}T${time}Z`;
}

const two = (value: number): string => String(value).padStart(2, '0');

/** What Tryton keeps about every record: which version it is, and when it was made and changed. */
export interface Stamped {
  /** Another one after every change; sent back in the context, it keeps a write from overwriting another. */
  readonly _timestamp: string;
  readonly create_date: WireInstant;
  /** Null until the first change. */
  readonly write_date: WireInstant | null;
}

/** The fields of `Stamped`, to be asked for. */
export const STAMPS = ['_timestamp', 'create_date', 'write_date'] as const;

export const changedAtOf = ({ create_date, write_date }: Omit<Stamped, '_timestamp'>): string =>
  fromWireInstant(write_date ?? create_date);

/**
 * A clause: made or changed at or after an instant.
 * @param of what related record is asked about, for example `template.`; the record itself where nothing is said
 */
export function changedSince(instant: string, of = ''): readonly unknown[] {
  const since = toWireInstant(instant);
  return [
    'OR',
    [`${of}write_date`, '>=', since],
    [
      [`${of}write_date`, '=', null],
      [`${of}create_date`, '>=', since],
    ],
  ];
}
