import { Problem, type Encounter } from '@concord/canonical';

/** The day of service of an encounter that is ready for billing, and what it was for. */
export interface Coding {
  readonly serviceDate: string;
  /** In ICD-10-CM, the only code system that payers take; left out where there is none. */
  readonly diagnoses?: readonly { readonly system: string; readonly code: string }[];
}

const ICD10 = 'http://hl7.org/fhir/sid/icd-10-cm';
/** A claim has room for twelve. */
const MOST = 12;

/**
 * An encounter is ready for billing when it is finished, has a beginning and an end in their order, names at least one
 * service, and its coding is complete.
 */
export function validateCoding(encounter: Encounter): Coding {
  const context = { encounter: encounter.id, status: encounter.status };
  if (encounter.status !== 'finished')
    throw new Problem('coding-incomplete', 'The encounter is not finished', { context });
  if (encounter.codingStatus !== 'complete')
    throw new Problem('coding-incomplete', 'Coding is still in progress', { context });
  const { startedAt, endedAt } = encounter;
  if (!startedAt || !endedAt)
    throw new Problem('coding-incomplete', 'The encounter has no beginning or no end', { context });
  if (endedAt < startedAt) throw new Problem('coding-incomplete', 'The encounter ends before it begins', { context });
  if (!encounter.services.length) throw new Problem('not-chargeable', 'The encounter names no service', { context });
  const coded = encounter.diagnoses.filter(({ system }) => system === ICD10).slice(0, MOST);
  const diagnoses = coded.map(({ system, code }) => ({ system, code }));
  return { serviceDate: startedAt.slice(0, 10), ...(diagnoses.length ? { diagnoses } : {}) };
}
