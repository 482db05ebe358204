/**
 * JSON whose members stand in one order, that of their names, so that the same value always gives the same text, wherever it
 * was kept in between (Postgres keeps jsonb members in an order of its own). Undefined members are left out. Names that are
 * whole numbers come first, as in every JavaScript object.
 */
export const canonicalJson = (value: unknown): string => JSON.stringify(inOrder(value) ?? null);

/** This runs over every request body and every effect: a copy in order, and one native call, is the fastest way. */
function inOrder(value: unknown): unknown {
  if (typeof value !== 'object' || value === null || value instanceof Date) return value;
  if (Array.isArray(value)) return value.map(inOrder);
  const record = value as Record<string, unknown>;
  const ordered: Record<string, unknown> = {};
  for (const name of sorted(Object.keys(record))) {
    if (name === '__proto__') Object.defineProperty(ordered, name, { value: inOrder(record[name]), enumerable: true });
    else ordered[name] = inOrder(record[name]);
  }
  return ordered;
}

const FEW = 32;

/** By insertion, in place: a few names mostly stand in order already. */
function sorted(names: string[]): string[] {
  if (names.length > FEW) return names.sort();
  for (let i = 1; i < names.length; i += 1) {
    const name = names[i]!;
    let at = i;
    for (; at > 0 && names[at - 1]! > name; at -= 1) names[at] = names[at - 1]!;
    names[at] = name;
  }
  return names;
}
