/**
 * Data classes. A field that identifies a person is typed `Phi<…>` and declared with a class; both marks together drive
 * field filtering, log and audit masking, `x-data-class` in OpenAPI, and the refusal of PHI in finance contracts.
 * 45 CFR 164.514(b)(2) lists the identifiers; 164.502(b) asks for the minimum necessary.
 */
export type DataClass = 'phi' | 'clinical' | 'financial' | 'none';

declare const phi: unique symbol;

/** A value that identifies a patient. It can be read as its base type, but no finance contract may declare it. */
export type Phi<T> = T & { readonly [phi]?: true };

type Flat<T> = T extends readonly (infer Item)[] ? Item : T;

/** `true` where the shape or anything below it declares a PHI field. */
export type HoldsPhi<T> = typeof phi extends keyof T
  ? true
  : Flat<T> extends object
    ? true extends { [K in keyof Flat<T>]-?: HoldsPhi<NonNullable<Flat<T>[K]>> }[keyof Flat<T>]
      ? true
      : false
    : false;

/** A finance contract: compiles only for a class without PHI. Use it where a finance API names its answers. */
export const financeContract = <T>(shape: HoldsPhi<T> extends true ? never : new () => T): new () => T => shape;
