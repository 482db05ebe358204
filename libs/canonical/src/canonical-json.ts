/**
 * JSON whose members stand in the order of their names, so that the same value always gives the same text, wherever it
 * was kept in between (Postgres keeps jsonb members in an order of its own). Undefined members are left out.
 */
export function canonicalJson(value: unknown): string {
  if (typeof value === 'string') return JSON.stringify(value);
  if (typeof value !== 'object' || value === null) return JSON.stringify(value) ?? 'null';
  if (Array.isArray(value)) return listJson(value);
  return value instanceof Date ? JSON.stringify(value) : membersJson(value as Record<string, unknown>);
}

function listJson(items: readonly unknown[]): string {
  let text = '[';
  for (let i = 0; i < items.length; i += 1) text += (i ? ',' : '') + canonicalJson(items[i]);
  return `${text}]`;
}

/** Plain loops: this runs over every request body and every effect. */
function membersJson(record: Record<string, unknown>): string {
  let text = '{';
  for (const name of Object.keys(record).sort()) {
    const member = record[name];
    if (member === undefined) continue;
    text += `${text.length > 1 ? ',' : ''}${JSON.stringify(name)}:${canonicalJson(member)}`;
  }
  return `${text}}`;
}
