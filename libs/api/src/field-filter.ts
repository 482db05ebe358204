import { fieldsOf, type DataClass, type Shape } from '@concord/canonical';

type Values = Record<string, unknown>;
type Filter = (value: unknown) => unknown;

/**
 * What leaves: the declared fields of the answer's shape, and of those only the ones whose data class the caller may
 * see. Compiled once for each shape and set of classes; a field that nobody declared never leaves (OWASP API3:2023).
 */
export function fieldFilter(shape: Shape, hidden: ReadonlySet<DataClass>): Filter {
  const key = [...hidden].sort().join();
  const known = filters.get(shape)?.get(key);
  if (known) return known;
  const fields = fieldsOf(shape)
    .filter((field) => !hidden.has(field.dataClass))
    .map(({ name, shape: below, list }) => ({ name, list, below: below && lazy(() => fieldFilter(below(), hidden)) }));
  const filter: Filter = (value) => {
    if (typeof value !== 'object' || value === null) return value;
    const kept: Values = {};
    for (const { name, list, below } of fields) {
      const field = (value as Values)[name];
      if (field === undefined) continue;
      kept[name] = !below ? field : list && Array.isArray(field) ? field.map(below) : below(field);
    }
    return kept;
  };
  const perShape = filters.get(shape) ?? new Map<string, Filter>();
  filters.set(shape, perShape.set(key, filter));
  return filter;
}

const filters = new WeakMap<Shape, Map<string, Filter>>();

/** Shapes may contain themselves; what is below is compiled when it is first met. */
function lazy(make: () => Filter): Filter {
  let made: Filter | undefined;
  return (value) => (made ??= make())(value);
}

/** Whether a shape, or anything below it, declares a field of the class. */
export function declares(shape: Shape, dataClass: DataClass, seen = new Set<Shape>()): boolean {
  if (seen.has(shape)) return false;
  seen.add(shape);
  return fieldsOf(shape).some(
    (field) => field.dataClass === dataClass || (field.shape && declares(field.shape(), dataClass, seen)),
  );
}
