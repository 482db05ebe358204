/**
 * Search as FHIR R4 §3.1.1 has it, for the parameters that Concord asks: by element, `_id`, `_lastUpdated`, `_sort`,
 * `_count`, `_include`, `_revinclude`. A parameter that the EHR does not know is refused, as strict servers do.
 */
import type { EhrRecord, Stored } from './record.js';

/** Elements by search parameter; a reference is found by `Type/id`, by id alone, or by chain of neither. */
const PARAMETERS: Readonly<Record<string, readonly string[]>> = {
  identifier: ['identifier'],
  status: ['status'],
  encounter: ['encounter', 'item.encounter'],
  context: ['context'],
  patient: ['subject', 'patient', 'beneficiary', 'participant.actor'],
  subject: ['subject'],
  practitioner: ['practitioner', 'participant.actor'],
  actor: ['actor', 'participant.actor'],
  location: ['location', 'participant.actor'],
  schedule: ['schedule'],
  partof: ['partOf'],
  device: ['device'],
  medication: ['medicationReference'],
  date: ['start'],
  start: ['start'],
};

const PREFIXES: Readonly<Record<string, (a: number, b: number) => boolean>> = {
  ge: (a, b) => a >= b,
  gt: (a, b) => a > b,
  le: (a, b) => a <= b,
  lt: (a, b) => a < b,
};

export class UnknownParameter extends Error {}

export interface Found {
  readonly matches: Stored[];
  readonly included: Stored[];
  /** Where the next page starts; absent on the last. */
  readonly next?: string;
}

const MOST_A_PAGE = 500;

/** @param query repeated parameters are lists, and all of them have to hold */
export function search(record: EhrRecord, type: string, query: URLSearchParams): Found {
  const count = Math.min(Number(query.get('_count') ?? 50), MOST_A_PAGE);
  const tests = [...query].flatMap(([name, value]) => testOf(name, value) ?? []);
  const after = query.get('_after') ?? '';
  const hits = record.all(type).filter((one) => tests.every((test) => test(one)));
  if (query.get('_sort') === '-_lastUpdated') hits.reverse();
  const from = after === '' ? 0 : hits.findIndex(({ id }) => id === after) + 1;
  const matches = hits.slice(from, from + count);
  const last = from + count < hits.length ? matches.at(-1)?.id : undefined;
  return { matches, included: includedWith(record, matches, query), ...(last !== undefined && { next: last }) };
}

const CONTROL = new Set(['_count', '_sort', '_after', '_include', '_revinclude', '_format', '_total']);

function testOf(name: string, value: string): ((one: Stored) => boolean) | undefined {
  if (CONTROL.has(name)) return undefined;
  if (name === '_id') return ({ id }) => value.split(',').includes(id);
  if (name === '_lastUpdated') return ({ meta }) => compares(meta.lastUpdated, value);
  const elements = PARAMETERS[name];
  if (!elements) throw new UnknownParameter(name);
  const wanted = value.split(',');
  if (name === 'date' || name === 'start') {
    return (one) => elements.some((path) => valuesAt(one, path).some((at) => compares(String(at), value)));
  }
  return (one) => elements.some((path) => valuesAt(one, path).some((at) => wanted.some((word) => isSame(at, word))));
}

function compares(moment: string, value: string): boolean {
  const [, prefix = '', text = ''] = /^([a-z]{2})?(.+)$/.exec(value) ?? [];
  const compare = PREFIXES[prefix] ?? ((a, b) => a === b);
  return compare(Date.parse(moment), Date.parse(text));
}

function isSame(at: unknown, word: string): boolean {
  if (typeof at === 'string') return at === word;
  const { reference, system, value } = at as { reference?: string; system?: string; value?: string };
  if (reference !== undefined) return reference === word || reference.endsWith(`/${word}`);
  return value !== undefined && (word === value || word === `${system}|${value}`);
}

/** Every value at a path, through lists. */
function valuesAt(node: unknown, path: string): unknown[] {
  return path.split('.').reduce<unknown[]>(
    (nodes, name) =>
      nodes.flatMap((one) => {
        const value = (one as Record<string, unknown> | undefined)?.[name];
        return Array.isArray(value) ? (value as unknown[]) : value === undefined ? [] : [value];
      }),
    [node],
  );
}

function includedWith(record: EhrRecord, matches: readonly Stored[], query: URLSearchParams): Stored[] {
  const found = new Map<string, Stored>();
  for (const include of query.getAll('_include')) {
    const [, name = ''] = include.split(':');
    for (const value of matches.flatMap((one) => (PARAMETERS[name] ?? [name]).flatMap((path) => valuesAt(one, path)))) {
      const [type = '', id = ''] = ((value as { reference?: string }).reference ?? '').split('/');
      const target = record.get(type, id);
      if (target) found.set(`${type}/${id}`, target);
    }
  }
  for (const include of query.getAll('_revinclude')) {
    const [type = '', name = ''] = include.split(':');
    const wanted = new Set(matches.map((one) => `${one.resourceType}/${one.id}`));
    for (const one of record.all(type)) {
      const values = (PARAMETERS[name] ?? [name]).flatMap((path) => valuesAt(one, path));
      const refers = values.some((value) => wanted.has((value as { reference?: string }).reference ?? ''));
      if (refers) found.set(`${type}/${one.id}`, one);
    }
  }
  return [...found.values()];
}
