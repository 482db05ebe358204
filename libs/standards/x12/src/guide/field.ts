/**
 * How a guide says what the elements of a segment mean: each field has a name in words, the number of its element, and its
 * type. From the same table a segment is read, written and checked.
 *
 * `required` and `situational` are the guide's own words; a situational field may be absent.
 */
import type { ElementType } from './element.js';

declare const shape: unique symbol;

/** One field; `T` is what it is in a shape. */
export interface Field<T, Required extends boolean = boolean> {
  readonly [shape]?: T;
  /** The element, or the component inside a composite, from 1. */
  readonly at: number;
  readonly required: Required;
  readonly form: Form;
}

export type Form =
  | { readonly kind: 'simple'; readonly type: ElementType }
  | { readonly kind: 'composite'; readonly fields: Fields }
  /** `count` groups of `stride` elements each; the fields of a group count from 1. */
  | { readonly kind: 'series'; readonly stride: number; readonly count: number; readonly fields: Fields }
  | { readonly kind: 'list'; readonly count: number; readonly of: Form };

export type Fields = Readonly<Record<string, Field<unknown>>>;

type RequiredOf<F extends Fields> = { [K in keyof F]: F[K] extends Field<unknown, true> ? K : never }[keyof F];
type TypeOf<F> = F extends Field<infer T> ? T : never;

/** The shape that a table of fields describes: every value is text as X12 writes it. */
export type Values<F extends Fields> = {
  [K in RequiredOf<F>]: TypeOf<F[K]>;
} & { [K in Exclude<keyof F, RequiredOf<F>>]?: TypeOf<F[K]> };

interface Composite<F extends Fields> {
  readonly composite: F;
}

/** Several components in one element. */
export const composite = <const F extends Fields>(fields: F): Composite<F> => ({ composite: fields });

type What = ElementType | Composite<Fields>;
type Told<W> = W extends Composite<infer F> ? Values<F> : string;

const formOf = (what: What): Form =>
  'composite' in what ? { kind: 'composite', fields: what.composite } : { kind: 'simple', type: what };

export const required = <const W extends What>(at: number, what: W): Field<Told<W>, true> => ({
  at,
  required: true,
  form: formOf(what),
});

export const situational = <const W extends What>(at: number, what: W): Field<Told<W>, false> => ({
  at,
  required: false,
  form: formOf(what),
});

/** The same kind of thing in up to `count` elements one behind the other: HI01…HI12, SV101-3…6. */
export const list = <const W extends What>(at: number, count: number, what: W): Field<Told<W>[], false> => ({
  at,
  required: false,
  form: { kind: 'list', count, of: formOf(what) },
});

/** Up to `count` groups of `stride` elements each: CAS02–04, CAS05–07, … */
export const series = <const F extends Fields>(
  at: number,
  stride: number,
  count: number,
  fields: F,
): Field<Values<F>[], false> => ({ at, required: false, form: { kind: 'series', stride, count, fields } });
