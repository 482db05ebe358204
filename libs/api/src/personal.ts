import { fieldsOf, type DataClass, type Shape } from '@concord/canonical';

const PERSONAL: ReadonlySet<DataClass> = new Set(['phi', 'restricted', 'clinical']);
const known = new WeakMap<Shape, boolean>();

/** Whether a shape, or anything below it, declares a field that tells of a person. Of what declares no field, it may. */
export function tellsOfPerson(shape: Shape | undefined): boolean {
  if (!shape) return true;
  const before = known.get(shape);
  if (before !== undefined) return before;
  known.set(shape, false); // a shape may hold itself
  const fields = fieldsOf(shape);
  const tells =
    !fields.length ||
    fields.some(({ dataClass, shape: below }) => PERSONAL.has(dataClass) || (below && tellsOfPerson(below())));
  known.set(shape, tells);
  return tells;
}
