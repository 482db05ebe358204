import { contentOf } from './kinds.js';
import type { Thing } from './thing.js';

/** The fields that filters of lists look at, by the name of the filter; each holds an id, ids or a word. */
const FACETS: readonly (readonly [filter: string, field: string])[] = [
  ['status', 'status'],
  ['kind', 'kind'],
  ['encounter', 'encounterId'],
  ['patient', 'patientId'],
  ['npi', 'npi'],
  ['practitioner', 'practitionerId'],
  ['practitioner', 'practitionerIds'],
  ['location', 'locationId'],
  ['location', 'locationIds'],
  ['part_of', 'partOf'],
];

/** A person that was merged into another is not listed beside it. */
export const MERGED = 'merged';

/** What lists find a thing by, as `status:booked`. */
export function facetsOf(thing: Thing): string[] {
  const { kind, sheet } = thing;
  if (kind === 'encounter' || kind === 'result') return [];
  if (kind === 'patient') return sheet.value('mergedInto') === undefined ? [] : [MERGED];
  const content = (contentOf(thing) ?? {}) as Readonly<Record<string, string | string[] | undefined>>;
  return FACETS.flatMap(([filter, field]) =>
    [content[field] ?? []]
      .flat()
      .filter((value) => !/\s/.test(value)) // a facet is one word
      .map((value) => `${filter}:${value}`),
  );
}

/** When it begins, where it has a time of its own. */
export const startOf = ({ kind, sheet }: Thing): string | undefined =>
  kind === 'encounter' ? undefined : sheet.value<string>('startsAt');
