import type { Thing } from './thing.store.js';

/** The facts by which lists are filtered; each holds an id or a code. */
const FACETS = ['status', 'patientId', 'encounterId', 'practitionerId', 'locationId', 'facility', 'role'] as const;

/** What lists find a thing by, as `status:booked`. */
export const facetsOf = ({ kind, sheet }: Thing): string[] =>
  kind === 'encounter' || kind === 'patient'
    ? []
    : FACETS.flatMap((name) => {
        const value = sheet.value<unknown>(name);
        return typeof value === 'string' && !value.includes(' ') ? [`${name}:${value}`] : [];
      });

/** When it begins, where it has a time of its own. */
export const startOf = ({ kind, sheet }: Thing): string | undefined =>
  kind === 'encounter' ? undefined : sheet.value<string>('startsAt');
