/**
 * Changes as JSON Merge Patches (RFC 7396): what is named is changed, what is left out stays, and `null` removes. The
 * shape of a change is made from the shape that it changes, so that the two cannot drift apart:
 *
 * ```ts
 * export class SupplierChange extends changeOf(Supplier, ['name', 'address']) {}
 * const changed = mergePatch(supplier, change, Supplier);
 * ```
 */
import { fieldsOf, type Shape } from './field.js';
import { Problem, type ProblemFault } from './problem.js';

/** What of `T` a merge patch may say: any part of it, and null for what can be missing. */
export type MergePatch<T> = {
  [Name in keyof T]?: undefined extends T[Name] ? PatchOf<NonNullable<T[Name]>> | null : PatchOf<T[Name]>;
};

type PatchOf<Value> = Value extends string | number | boolean | readonly unknown[]
  ? Value
  : Value extends object
    ? MergePatch<Value>
    : Value;

/**
 * The class of changes of some fields of a shape: each may be left out, and what may be missing in the shape may be null.
 * Lists are replaced as a whole; of a nested shape, any part may be named.
 */
export function changeOf<T extends object, Name extends keyof T & string>(
  shape: abstract new () => T,
  names: readonly Name[],
): new () => MergePatch<Pick<T, Name>> {
  return partOf(shape, names) as new () => MergePatch<Pick<T, Name>>;
}

function partOf(shape: Shape, names?: readonly string[]): Shape {
  class Change {}
  Object.defineProperty(Change, 'name', { value: `${shape.name}Part` });
  for (const field of fieldsOf(shape)) {
    if (names && !names.includes(field.name)) continue;
    const below = field.shape && !field.list ? partBelow(field.shape) : undefined;
    field.asChange(below)(Change.prototype, field.name);
  }
  return Change;
}

const parts = new WeakMap<Shape, Shape>();

/** Shapes may contain themselves: what is below is made when it is first looked at, and once. */
const partBelow = (shape: () => Shape) => (): Shape => {
  const known = parts.get(shape()) ?? partOf(shape());
  parts.set(shape(), known);
  return known;
};

/**
 * What a resource is after a change; neither of the two is touched (RFC 7396, section 2).
 * @param shape where it is given, `validation-failed` is thrown for what the changed resource lacks, for example a
 *   nested shape of which only a part was named and nothing was there
 */
export function mergePatch<T extends object>(current: T, change: MergePatch<T>, shape?: abstract new () => T): T {
  const changed = merged(current, change) as T;
  const errors = shape ? missing(changed, shape, '') : [];
  if (!errors.length) return changed;
  throw new Problem('validation-failed', `${errors[0]!.pointer} is missing after the change`, { errors });
}

type Members = Record<string, unknown>;

const isObject = (value: unknown): value is Members =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

function merged(target: unknown, patch: unknown): unknown {
  if (!isObject(patch)) return patch;
  const result = new Map(isObject(target) ? Object.entries(target) : []);
  for (const [name, value] of Object.entries(patch)) {
    if (value === undefined) continue;
    if (value === null) result.delete(name);
    else result.set(name, merged(result.get(name), value));
  }
  return Object.fromEntries(result);
}

function missing(value: Members | object, shape: Shape, at: string): ProblemFault[] {
  return fieldsOf(shape).flatMap(({ name, optional, shape: below, list }) => {
    const pointer = `${at}/${name}`;
    const member = (value as Members)[name];
    if (member === undefined) return optional ? [] : [{ pointer, code: 'required', detail: 'is missing' }];
    return below && !list && isObject(member) ? missing(member, below(), pointer) : [];
  });
}
