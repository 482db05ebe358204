/**
 * Data classes. A field that identifies a person is typed `Phi<…>` and declared with a class; both marks together drive
 * field filtering, log and audit masking, `x-data-class` in OpenAPI, and the refusal of PHI in finance contracts.
 * 45 CFR 164.514(b)(2) lists the identifiers; 164.502(b) asks for the minimum necessary.
 */
export type DataClass =
  | 'phi' // identifies a patient
  | 'restricted' // an employee's private life and pay: leaves only for the scope `<api>/restricted.disclose`
  | 'clinical'
  | 'financial'
  | 'none';

declare const phi: unique symbol;

/** A value that identifies a patient. It can be read as its base type, but no finance contract may declare it. */
export type Phi<T> = T & { readonly [phi]?: true };

type Holds<T> = T extends unknown
  ? typeof phi extends keyof T
    ? true
    : T extends readonly (infer Item)[]
      ? Holds<Item>
      : T extends (...parameters: never) => unknown
        ? false
        : T extends object
          ? { [Member in keyof T]-?: Holds<T[Member]> }[keyof T]
          : false
  : never;

/** `true` where the shape or anything below it, in a list or in one case of a union, declares a PHI field. */
export type HoldsPhi<T> = true extends Holds<T> ? true : false;

/** Above a class: what a finance API may answer with. It compiles only where neither the class nor anything below it holds PHI. */
export const financeContract = <C extends new () => object>(
  shape: C & (HoldsPhi<InstanceType<C>> extends true ? never : unknown),
): C => shape;
