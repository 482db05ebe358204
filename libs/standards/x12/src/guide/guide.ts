/**
 * An implementation guide as a table: which segments stand in which loops, how often, and what their elements mean. Reading,
 * writing and the checks of SNIP level 1 and 2 all follow this one table.
 */
import type { Field, Fields, Values } from './field.js';

declare const shape: unique symbol;

export interface SegmentSpec<V = unknown> {
  readonly [shape]?: V;
  readonly kind: 'segment';
  readonly name: string;
  /** What it is, in words, for people who bill. */
  readonly title: string;
  readonly fields: Fields;
  /** Elements that tell this use of the segment from others of the same name. */
  readonly only: readonly { readonly at: number; readonly codes: readonly string[] }[];
  /** Elements that are always the same; they are no part of the shape. */
  readonly constants: readonly { readonly at: number; readonly value: string }[];
  /** X12 syntax notes: `P0304` paired, `R0203` one of, `E…` exclusive, `C0506` the first needs the others, `L…` needs one of. */
  readonly notes: readonly string[];
}

export interface LoopSpec<V = unknown> {
  readonly [shape]?: V;
  readonly kind: 'loop';
  /** The guide's number of the loop, `2300`. */
  readonly id: string;
  readonly title: string;
  /** HL03, where the loop begins with an HL segment, which is then no part of the shape. */
  readonly level?: string;
  /** How the people call one of these: `Claim CLM-17`, `service line 2`. */
  readonly called?: (value: never, index: number) => string;
  readonly parts: Parts;
}

export type Spec<V = unknown> = SegmentSpec<V> | LoopSpec<V>;

/** How often something stands at its place. */
export interface Part<T, Needed extends boolean = boolean> {
  readonly [shape]?: T;
  readonly spec: Spec;
  readonly needed: Needed;
  readonly max: number;
  readonly many: boolean;
}

export type Parts = Readonly<Record<string, Part<unknown>>>;
type NeededOf<P extends Parts> = { [K in keyof P]: P[K] extends Part<unknown, true> ? K : never }[keyof P];
type TypeOf<P> = P extends Part<infer T> ? T : never;
type ValueOf<S> = S extends Spec<infer V> ? V : never;

/** The shape that a loop describes. */
export type Contents<P extends Parts> = { [K in NeededOf<P>]: TypeOf<P[K]> } & {
  [K in Exclude<keyof P, NeededOf<P>>]?: TypeOf<P[K]>;
};

export const segment = <const F extends Fields>(
  name: string,
  title: string,
  fields: F,
  notes: readonly string[] = [],
): SegmentSpec<Values<F>> & { readonly fields: F } => ({
  kind: 'segment',
  name,
  title,
  fields,
  only: [],
  constants: [],
  notes,
});

/** A use of a segment with one code in one of its fields; the field is then no part of the shape. */
export function use<const F extends Fields, K extends keyof F & string>(
  spec: SegmentSpec<Values<F>> & { readonly fields: F },
  title: string,
  field: K,
  code: string,
): SegmentSpec<Values<Omit<F, K>>> & { readonly fields: Omit<F, K> } {
  const { [field]: told, ...fields } = spec.fields;
  const { at } = told as Field<unknown>;
  const only = [...spec.only, { at, codes: [code] }];
  const constants = [...spec.constants, { at, value: code }];
  return { ...spec, title, fields, only, constants };
}

/** A use of a segment with one of several codes in one of its fields. */
export function among<const F extends Fields>(
  spec: SegmentSpec<Values<F>> & { readonly fields: F },
  title: string,
  field: keyof F & string,
  codes: readonly string[],
): SegmentSpec<Values<F>> & { readonly fields: F } {
  const { at } = spec.fields[field] as Field<unknown>;
  return { ...spec, title, only: [...spec.only, { at, codes }] };
}

export const loop = <const P extends Parts>(
  loopId: string,
  title: string,
  parts: P,
  more: { readonly level?: string; readonly called?: (value: Contents<P>, index: number) => string } = {},
): LoopSpec<Contents<P>> => ({ kind: 'loop', id: loopId, title, parts, ...more });

export const one = <const S extends Spec>(spec: S): Part<ValueOf<S>, true> => ({
  spec,
  needed: true,
  max: 1,
  many: false,
});

export const maybe = <const S extends Spec>(spec: S): Part<ValueOf<S>, false> => ({
  spec,
  needed: false,
  max: 1,
  many: false,
});

/** Up to `max`; the list may be empty. */
export const many = <const S extends Spec>(spec: S, max = Infinity): Part<ValueOf<S>[], false> => ({
  spec,
  needed: false,
  max,
  many: true,
});

/** At least one, up to `max`. */
export const some = <const S extends Spec>(spec: S, max = Infinity): Part<ValueOf<S>[], true> => ({
  spec,
  needed: true,
  max,
  many: true,
});

/** A transaction set of one implementation guide. */
export interface Guide<V> {
  readonly [shape]?: V;
  readonly id: string; // ST01
  /** GS08 and ST03 when we write; other versions of the same set are read with the same table. */
  readonly version: string;
  /** GS01. */
  readonly functionalId: string;
  readonly title: string;
  readonly body: LoopSpec;
  /** SNIP level 3: sums that must agree. */
  readonly balances: readonly Balance<V>[];
}

/** A rule over the whole shape; `told` is called for each breach. */
export type Balance<V> = (value: V, told: (breach: Breach) => void) => void;

export interface Breach {
  /** A word for machines, as `claim-total`. */
  readonly rule: string;
  /** Where, in words: `Claim CLM-17`. */
  readonly where: string;
  readonly detail: string;
  /** The segment and element that shows it: `CLM-02`. */
  readonly pointer: string;
}

export const guide = <const P extends Parts>(
  head: Pick<Guide<unknown>, 'id' | 'version' | 'functionalId' | 'title'>,
  parts: P,
  balances: readonly Balance<Contents<P>>[] = [],
): Guide<Contents<P>> => ({ ...head, body: loop('', head.title, parts), balances });

/** What a guide's shape is. */
export type ShapeOf<G> = G extends Guide<infer V> ? V : never;
/** What a loop's or segment's shape is. */
export type PartOf<S> = S extends Spec<infer V> ? V : never;
