/**
 * What a mapping loses: it is run on a resource that notes every value that is looked at, and what nobody looked at is
 * lost. So the report is true by construction, and holds names of elements, never a value.
 */
import type { Resource } from '@medplum/fhirtypes';

/** The mapping's result, and the elements that did not go into it: `Procedure.note.text`, each once. */
export function withLosses<T>(resources: readonly Resource[], mapping: (watched: Resource[]) => T) {
  const read = new Set<string>();
  const result = mapping(resources.map((one, i) => watch(one, `${i}:${one.resourceType}`, read)));
  const lost = new Set<string>();
  resources.forEach((one, i) =>
    leaves(one, `${i}:${one.resourceType}`, one.resourceType, (path, name) => {
      if (!read.has(path)) lost.add(name);
    }),
  );
  return { result, lost: [...lost].sort() };
}

/** The same object, whose single values are noted when they are read. */
function watch<T extends object>(node: T, path: string, read: Set<string>): T {
  return new Proxy(node, {
    get(target, name, receiver) {
      const value: unknown = Reflect.get(target, name, receiver);
      if (typeof name === 'symbol' || typeof value === 'function') return value;
      const below = `${path}.${name}`;
      if (typeof value === 'object' && value !== null) return watch(value, below, read);
      if (value !== undefined) read.add(below);
      return value;
    },
  });
}

/** Every single value with its place, and with the name of its element: positions in lists left out. */
function leaves(node: unknown, path: string, name: string, visit: (path: string, name: string) => void): void {
  if (typeof node !== 'object' || node === null) return visit(path, name);
  for (const [key, value] of Object.entries(node)) {
    if (name.includes('.') === false && (key === 'resourceType' || key === 'text')) continue; // the narrative says it again
    leaves(value, `${path}.${key}`, Array.isArray(node) ? name : `${name}.${key}`, visit);
  }
}
