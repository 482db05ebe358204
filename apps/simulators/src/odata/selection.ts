/** What of an entity is shown, by `$select` and `$expand` (OData 4.01, Part 2, 5.1.3 and 5.1.4). */
import type { EntitySet, Metadata } from '@concord/odata';
import type { Entity } from './filter.js';
import { ODataError } from './store.js';

type EntityType = EntitySet['type'];

/** Throws 400 for what the type does not have. */
export function selectionOf(
  metadata: Metadata,
  type: EntityType,
  { $select, $expand }: { $select?: string; $expand?: string },
): (entity: Entity) => Entity {
  const selected = $select?.split(',').map((name) => name.trim());
  for (const name of selected ?? []) if (!type.properties.has(name)) throw unknown(name);
  const expanded = new Map(expansionsOf($expand ?? '').map(({ name, select }) => [name, select]));
  const below = new Map(
    [...expanded].map(([name, select]) => {
      const target = metadata.types.get(type.navigation.get(name)?.type ?? '');
      if (!target) throw unknown(name);
      return [name, selectionOf(metadata, target, select === undefined ? {} : { $select: select })];
    }),
  );
  return (entity) => {
    const shown = Object.entries(entity).flatMap(([name, value]): [string, unknown][] => {
      if (!type.navigation.has(name)) {
        return name.startsWith('@') || (selected?.includes(name) ?? true) ? [[name, value]] : [];
      }
      const show = below.get(name);
      return show && Array.isArray(value) ? [[name, value.map((one) => show(one as Entity))]] : [];
    });
    return Object.fromEntries(shown);
  };
}

/** `Items($select=A,B),Other`: the names, each with what of it is selected. */
function expansionsOf(text: string): { name: string; select?: string }[] {
  const parts = text.match(/[A-Za-z]\w*(?:\([^()]*\))?/g) ?? [];
  return parts.map((part) => {
    const [, name = '', select] = /^(\w+)(?:\(\$select=([^;()]*)\))?$/.exec(part) ?? [];
    if (!name) throw new ODataError(400, 'BAD_EXPAND', 'The expansion is not understood', '$expand');
    return select === undefined ? { name } : { name, select };
  });
}

const unknown = (name: string) =>
  new ODataError(400, 'UNKNOWN_PROPERTY', `The property ${name} does not exist`, '$select');
