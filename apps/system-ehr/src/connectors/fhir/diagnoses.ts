import type { Condition, Resource } from '@medplum/fhirtypes';
import type { Coding } from '@concord/canonical';
import { distinct } from '../codings.js';
import { codingOf } from './coding.js';
import { listOf } from './wire.js';

/** The diagnoses of an encounter, each code once; what was refuted or entered in error is none. */
export function diagnosesOf(resources: readonly Resource[]): Coding[] {
  const conditions = resources.filter((resource): resource is Condition => resource.resourceType === 'Condition');
  return distinct(conditions.flatMap((condition) => (isRefuted(condition) ? [] : (codingOf(condition.code) ?? []))));
}

const isRefuted = ({ verificationStatus }: Condition): boolean =>
  listOf(verificationStatus?.coding).some(({ code }) => code === 'refuted' || code === 'entered-in-error');
