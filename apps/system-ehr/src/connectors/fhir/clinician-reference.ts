/** Whom a reference to a clinician names (FHIR R4 §2.3.0, §3.1.0.10.2). Pure. */
import type { Reference } from '@medplum/fhirtypes';
import { CODE, isNpi } from '@concord/canonical';
import { targetOf } from '@concord/fhir';
import { US_NPI } from './person.mapping.js';
import { textOf } from './wire.js';

export interface NamedClinician {
  /** The id of the record; where the reference only tells a number of the clinician's, that. */
  readonly practitionerId: string;
  /** Where the number is an NPI. */
  readonly npi?: string;
}

/** Somebody's number, and who gave it. */
interface Token {
  readonly type?: string;
  readonly system: string | undefined;
  readonly value: string;
}

/** The clinician behind any form of reference; undefined for a relative of the patient, and where it may mean several. */
export function clinicianIn(individual: Reference = {}): NamedClinician | undefined {
  const reference = textOf(individual.reference);
  const target = targetOf(reference);
  if (target) return target.resourceType.startsWith('Practitioner') ? { practitionerId: target.id } : undefined;
  const urn = /^urn:uuid:(.+)$/.exec(reference ?? '')?.[1];
  if (urn !== undefined) return { practitionerId: urn };
  const token = tokenIn(individual);
  if (!token) return undefined;
  const { type = 'Practitioner', system, value } = token;
  const isNumber = type === 'Practitioner' && system === US_NPI && isNpi(value);
  return isNumber ? { practitionerId: value, npi: value } : { practitionerId: value };
}

/** Why a reference by number does not name whom it means to name; undefined where it does. */
export function lossIn(individual: Reference = {}): string | undefined {
  const { reference, identifier } = individual;
  if (targetOf(textOf(reference)) || (textOf(reference) ?? textOf(identifier?.value)) === undefined) return undefined;
  const named = clinicianIn(individual);
  if (!named || !CODE.test(named.practitionerId))
    return 'is not carried: it does not name one clinician by an identifier';
  const { system, value = '' } = tokenIn(individual) ?? {};
  return system === US_NPI && !isNpi(value) ? 'is no NPI: its check digit is wrong' : undefined;
}

/** What a conditional reference asks for, or the identifier beside it. A list of numbers, or a second condition, is none. */
function tokenIn({ reference, identifier }: Reference): Token | undefined {
  const [, type, query] = /^(Practitioner|PractitionerRole)\?identifier=([^&]+)$/.exec(textOf(reference) ?? '') ?? [];
  const [, system, value] = /^(?:([^|,]*)\|)?([^|,]+)$/.exec(decoded(query)) ?? [];
  if (value !== undefined) return { type, system, value };
  const given = textOf(identifier?.value);
  return given === undefined ? undefined : { system: textOf(identifier?.system), value: given };
}

function decoded(query = ''): string {
  try {
    return decodeURIComponent(query);
  } catch {
    return ''; // not even a URL
  }
}
