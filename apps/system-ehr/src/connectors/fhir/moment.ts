import type { Period } from '@medplum/fhirtypes';
import { instantOf, isDateTime } from '@concord/fhir';

/** A FHIR dateTime in UTC. A day alone is the midnight it begins with, so that the day of service is kept. */
export function momentOf(dateTime: string | undefined): string | undefined {
  if (typeof dateTime !== 'string') return undefined; // an element that the reader of FHIR does not check
  const isDay = dateTime.length === DAY_LENGTH && isDateTime(dateTime);
  return isDay ? `${dateTime}T00:00:00.000Z` : instantOf(dateTime);
}

const DAY_LENGTH = 'YYYY-MM-DD'.length;

/** The elements in which one or another resource says when it happened. */
interface Timed {
  readonly performedPeriod?: Period;
  readonly performedDateTime?: string;
  readonly occurrencePeriod?: Period;
  readonly occurrenceDateTime?: string;
  readonly effectivePeriod?: Period;
  readonly effectiveDateTime?: string;
  readonly timingPeriod?: Period;
  readonly timingDateTime?: string;
}

/** When something was done, used or given; empty where nothing says so. */
export function doneAt(resource: object): string {
  const timed = resource as Timed;
  const period = timed.performedPeriod ?? timed.occurrencePeriod ?? timed.effectivePeriod ?? timed.timingPeriod;
  const dateTime =
    timed.performedDateTime ?? timed.occurrenceDateTime ?? timed.effectiveDateTime ?? timed.timingDateTime;
  return momentOf(period?.start ?? dateTime) ?? '';
}
