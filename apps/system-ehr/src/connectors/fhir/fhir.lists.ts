/** Lists of the EHR as pages of ours: every type of a kind by `_lastUpdated`, merged in the order of change. */
import type { Resource } from '@medplum/fhirtypes';
import { DEFAULT_PAGE_SIZE, pagePosition, pageToken, type Page } from '@concord/canonical';
import { encounterIdOf, instantOf } from '@concord/fhir';
import { filtersOf, isAskedFor, type EhrKind, type EhrQuery, type EhrResource } from '../../resources.js';
import type { FhirClient, Identified } from './fhir.client.js';
import { fetchMentioned, fetchParents, lookupIn } from './fhir.graph.js';
import { fromFhir, KINDS } from './kinds.js';
import { US_NPI } from './person.mapping.js';

/** Where a type goes on: at this moment, of which so many were seen. */
type Position = readonly [lastUpdated: string, seen: number];

/** Our filters as search parameters of R4, where every server has one; the rest is looked at here. */
const PARAMETERS: Partial<Record<EhrKind, Readonly<Record<string, string>>>> = {
  procedure: { encounter: 'encounter', patient: 'patient', status: 'status' },
  appointment: { practitioner: 'practitioner', location: 'location', patient: 'patient', status: 'status' },
  schedule: { practitioner: 'actor' },
  slot: { schedule: 'schedule' },
  order: { patient: 'patient' },
  'supply-use': { patient: 'patient' },
  practitioner: { npi: 'identifier' },
  'practitioner-role': { practitioner: 'practitioner', location: 'location' },
  location: { part_of: 'partof' },
  bed: { location: 'partof' },
  charge: { encounter: 'context', patient: 'patient' },
};

/** Filters whose value is somebody's number: R4 searches for it together with who gives it. */
const SYSTEMS: Readonly<Record<string, string>> = { npi: US_NPI };

const INCLUDES = new Map<string, string>([
  ['DeviceUseStatement', 'DeviceUseStatement:device'],
  ['MedicationRequest', 'MedicationRequest:medication'],
  ['MedicationAdministration', 'MedicationAdministration:medication'],
]);

const MOST_A_SEARCH = 200;

export async function listFromFhir<K extends EhrKind>(
  ehr: FhirClient,
  kind: K,
  query: EhrQuery<K>,
): Promise<Page<EhrResource<K>>> {
  const size = query.page_size ?? DEFAULT_PAGE_SIZE;
  const { types } = KINDS[kind];
  const start = types.map((): Position => ['', 0]);
  const positions = [...(pagePosition<Position[]>(query.page_token, isPosition(types.length)) ?? start)];
  const filters = filtersOf(query);
  const found = await Promise.all(
    types.map((type, at) =>
      readOn(ehr, type, positions[at]!, parametersOf(kind, filters, query.changed_since), size + 1),
    ),
  );
  const rows = found.flatMap(({ matches }, at) => matches.map((resource) => ({ at, resource })));
  rows.sort((a, b) => compare(changeOf(a.resource), changeOf(b.resource)) || a.at - b.at);
  const resources = rows.map(({ resource }) => resource);
  const mapped = await mapAll(
    ehr,
    kind,
    resources,
    found.flatMap(({ included }) => included),
  );
  const items: EhrResource<K>[] = [];
  const left = found.map(({ matches }) => matches.length);
  let consumed = 0;
  for (; consumed < rows.length && items.length < size; consumed += 1) {
    const { at, resource } = rows[consumed]!;
    const one = mapped[consumed];
    if (one && isAskedFor(one, filters)) items.push(one);
    positions[at] = after(positions[at]!, changeOf(resource));
    left[at]! -= 1;
    if (left[at] === 0 && found[at]!.more) {
      consumed += 1; // what follows may be older than what this type still has
      break;
    }
  }
  const isLast = consumed === rows.length && !found.some(({ more }) => more);
  return isLast ? { items } : { items, nextPageToken: pageToken(positions) };
}

/** The canonical resources, in the order of what was given; undefined for one that is not of the kind. */
export async function mapAll<K extends EhrKind>(
  ehr: FhirClient,
  kind: K,
  resources: readonly Identified[],
  included: readonly Identified[] = [],
): Promise<(EhrResource<K> | undefined)[]> {
  const mentioned = await fetchMentioned(ehr, resources, included);
  const parents = await fetchParents(ehr, resources);
  const lookup = lookupIn([...resources, ...included, ...([...mentioned.values()] as Identified[]), ...parents]);
  return resources.map((resource) => {
    const content = fromFhir(kind, resource, { lookup, encounterId: encounterIdOf(resource, lookup) });
    return content && (revised(content, resource) as unknown as EhrResource<K>);
  });
}

/** A server need not say when it changed something (R4 §2.27.3.1): then nobody can ask for what is newer. */
const revised = (content: object, { meta }: Resource) => ({
  ...content,
  revision: meta?.versionId ?? meta?.lastUpdated ?? '1',
  changedAt: instantOf(meta?.lastUpdated) ?? '1970-01-01T00:00:00.000Z',
});

function parametersOf(kind: EhrKind, filters: readonly [string, string][], since: string | undefined) {
  const names = PARAMETERS[kind] ?? {};
  const own = filters.flatMap(([name, value]) => {
    const [parameter, system] = [names[name], SYSTEMS[name]];
    return parameter === undefined ? [] : [[parameter, system === undefined ? value : `${system}|${value}`] as const];
  });
  return { own, since };
}

interface Found {
  /** More than were needed, where there are more. */
  readonly matches: readonly Identified[];
  readonly included: readonly Identified[];
  readonly more: boolean;
}

/** So many resources of a type behind a position, and whether there are further ones. */
async function readOn(
  ehr: FhirClient,
  type: string,
  [lastUpdated, seen]: Position,
  { own, since }: ReturnType<typeof parametersOf>,
  needed: number,
): Promise<Found> {
  const from = lastUpdated === '' ? since : lastUpdated;
  const include = INCLUDES.get(type);
  const matches: Identified[] = [];
  const included: Identified[] = [];
  let toSkip = seen;
  for await (const page of ehr.pages(type, [
    ...own,
    ...(from === undefined ? [] : [['_lastUpdated', `ge${from}`] as const]),
    ...(include === undefined ? [] : [['_include', include] as const]),
    ['_sort', '_lastUpdated'],
    ['_count', String(Math.min(needed + seen, MOST_A_SEARCH))],
  ])) {
    included.push(...page.included);
    for (const one of page.matches) {
      if (toSkip > 0 && changeOf(one) === lastUpdated) toSkip -= 1;
      else matches.push(one);
    }
    if (matches.length >= needed) return { matches, included, more: page.next !== undefined };
  }
  return { matches, included, more: false };
}

const changeOf = ({ meta }: Resource): string => meta?.lastUpdated ?? '';

const after = ([lastUpdated, seen]: Position, next: string): Position =>
  next === lastUpdated ? [lastUpdated, seen + 1] : [next, 1];

/** By moment; offsets may differ. */
const compare = (a: string, b: string): number => Date.parse(a) - Date.parse(b) || 0;

const isPosition = (length: number) => (value: unknown) =>
  Array.isArray(value) &&
  value.length === length &&
  value.every(
    (one) => Array.isArray(one) && one.length === 2 && typeof one[0] === 'string' && Number.isSafeInteger(one[1]),
  );
